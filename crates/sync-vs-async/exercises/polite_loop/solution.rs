//! One good answer.

use tokio::task::yield_now;

use super::given::Scale;

/// How many parcels are weighed between two turns of the other tasks.
const BATCH: usize = 100;

/// Weighs every parcel once, in order, and returns the sum. No other task waits for more than 200 parcels.
pub async fn weigh_all(parcels: Vec<u32>, scale: Scale) -> u64 {
    let mut sum = 0;
    for batch in parcels.chunks(BATCH) {
        sum += batch.iter().map(|parcel| scale.weigh(*parcel)).sum::<u64>();
        yield_now().await;
    }
    sum
}
