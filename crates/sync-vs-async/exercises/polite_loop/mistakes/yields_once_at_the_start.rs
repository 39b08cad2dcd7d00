//! "I yield once at the start": after that, no other task gets a turn.
//!
//! Caught by: lets other tasks run

use tokio::task::yield_now;

use super::given::Scale;

pub async fn weigh_all(parcels: Vec<u32>, scale: Scale) -> u64 {
    yield_now().await;
    parcels.iter().map(|parcel| scale.weigh(*parcel)).sum()
}
