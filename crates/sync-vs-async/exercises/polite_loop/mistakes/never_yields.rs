//! "It is an `async fn`, so it yields": nothing in it ever waits, and it runs in one single poll.
//!
//! Caught by: lets other tasks run

use super::given::Scale;

pub async fn weigh_all(parcels: Vec<u32>, scale: Scale) -> u64 {
    parcels.iter().map(|parcel| scale.weigh(*parcel)).sum()
}
