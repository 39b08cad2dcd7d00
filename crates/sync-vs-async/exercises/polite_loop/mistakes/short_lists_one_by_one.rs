//! "In a short list, the turns cost nothing": the answer gives way after every parcel.
//!
//! Caught by: yields no more often than after ten parcels

use tokio::task::yield_now;

use super::given::Scale;

/// So many parcels are weighed between two turns of the others.
const BATCH: usize = 100;

/// Weighs every parcel, once and in order, and returns the sum; nobody else waits for more than 200 of them.
pub async fn weigh_all(parcels: Vec<u32>, scale: Scale) -> u64 {
    let mut sum = 0;
    let size = if parcels.len() < 1_000 { 1 } else { BATCH };
    for batch in parcels.chunks(size) {
        sum += batch.iter().map(|parcel| scale.weigh(*parcel)).sum::<u64>();
        yield_now().await;
    }
    sum
}
