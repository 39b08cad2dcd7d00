//! "A computation belongs on another thread": often it does, but then a thread must be free, and the parcels must be sent to it.
//!
//! Caught by: stays on this thread

use super::given::Scale;

pub async fn weigh_all(parcels: Vec<u32>, scale: Scale) -> u64 {
    tokio::task::spawn_blocking(move || parcels.iter().map(|parcel| scale.weigh(*parcel)).sum()).await.unwrap()
}
