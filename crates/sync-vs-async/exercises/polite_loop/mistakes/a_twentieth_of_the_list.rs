//! "A twentieth of the list is a good batch": with a hundred parcels, that is only five.
//!
//! Caught by: yields no more often than after ten parcels

use tokio::task::yield_now;

use super::given::Scale;

/// Weighs every parcel, once and in order, and returns the sum; nobody else waits for more than 200 of them.
pub async fn weigh_all(parcels: Vec<u32>, scale: Scale) -> u64 {
    let mut sum = 0;
    let size = (parcels.len() / 20).clamp(1, 200);
    for batch in parcels.chunks(size) {
        sum += batch.iter().map(|parcel| scale.weigh(*parcel)).sum::<u64>();
        yield_now().await;
    }
    sum
}
