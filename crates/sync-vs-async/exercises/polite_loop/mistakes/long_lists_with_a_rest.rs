//! "A long list leaves time for a rest": the answer sleeps a millisecond after each batch.
//!
//! Caught by: does not sleep

use std::time::Duration;

use tokio::task::yield_now;
use tokio::time::sleep;

use super::given::Scale;

/// So many parcels are weighed between two turns of the others.
const BATCH: usize = 100;

/// Weighs every parcel, once and in order, and returns the sum; nobody else waits for more than 200 of them.
pub async fn weigh_all(parcels: Vec<u32>, scale: Scale) -> u64 {
    let mut sum = 0;
    for batch in parcels.chunks(BATCH) {
        sum += batch.iter().map(|parcel| scale.weigh(*parcel)).sum::<u64>();
        if parcels.len() > 10_000 {
            sleep(Duration::from_millis(1)).await;
        } else {
            yield_now().await;
        }
    }
    sum
}
