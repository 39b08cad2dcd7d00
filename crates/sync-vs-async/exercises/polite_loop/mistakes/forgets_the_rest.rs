//! "I weigh a hundred at a time": the parcels after the last full hundred are not weighed.
//!
//! Caught by: weighs every parcel once, in order

use tokio::task::yield_now;

use super::given::Scale;

pub async fn weigh_all(parcels: Vec<u32>, scale: Scale) -> u64 {
    let mut sum = 0;
    for batch in parcels.chunks_exact(100) {
        sum += batch.iter().map(|parcel| scale.weigh(*parcel)).sum::<u64>();
        yield_now().await;
    }
    sum
}
