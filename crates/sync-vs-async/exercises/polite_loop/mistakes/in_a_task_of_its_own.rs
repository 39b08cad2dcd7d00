//! "A task does not disturb the others": it does, on the same thread.
//!
//! Caught by: lets other tasks run

use super::given::Scale;

pub async fn weigh_all(parcels: Vec<u32>, scale: Scale) -> u64 {
    let task = tokio::spawn(async move { parcels.iter().map(|parcel| scale.weigh(*parcel)).sum() });
    task.await.unwrap()
}
