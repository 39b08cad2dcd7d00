//! "It is an `async fn`, so it is polite": nothing in it ever waits, and it is one single poll.
//!
//! Caught by: lets the others through

use super::given::Scale;

pub async fn weigh_all(parcels: Vec<u32>, scale: Scale) -> u64 {
    parcels.iter().map(|parcel| scale.weigh(*parcel)).sum()
}
