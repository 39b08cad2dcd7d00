//! "I let you go first": and then nobody gets a turn for long.
//!
//! Caught by: lets the others through

use tokio::task::yield_now;

use super::given::Scale;

pub async fn weigh_all(parcels: Vec<u32>, scale: Scale) -> u64 {
    yield_now().await;
    parcels.iter().map(|parcel| scale.weigh(*parcel)).sum()
}
