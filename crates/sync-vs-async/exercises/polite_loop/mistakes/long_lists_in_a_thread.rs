//! "Ten thousand parcels are work for a thread": the work must stay on this thread.
//!
//! Caught by: stays on this thread

use tokio::task::yield_now;

use super::given::Scale;

/// So many parcels are weighed between two turns of the others.
const BATCH: usize = 100;

/// Weighs every parcel, once and in order, and returns the sum; nobody else waits for more than 200 of them.
pub async fn weigh_all(parcels: Vec<u32>, scale: Scale) -> u64 {
    if parcels.len() > 10_000 {
        return tokio::task::spawn_blocking(move || parcels.iter().map(|parcel| scale.weigh(*parcel)).sum())
            .await
            .unwrap_or(0);
    }
    let mut sum = 0;
    for batch in parcels.chunks(BATCH) {
        sum += batch.iter().map(|parcel| scale.weigh(*parcel)).sum::<u64>();
        yield_now().await;
    }
    sum
}
