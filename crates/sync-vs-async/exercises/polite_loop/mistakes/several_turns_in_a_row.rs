//! "I yield three times in a row": no parcel is weighed between them.
//!
//! Caught by: yields no more often than after ten parcels

use super::given::Scale;
use tokio::task::yield_now;

pub async fn weigh_all(parcels: Vec<u32>, scale: Scale) -> u64 {
    let mut sum = 0;
    for batch in parcels.chunks(100) {
        sum += batch.iter().map(|parcel| scale.weigh(*parcel)).sum::<u64>();
        for _ in 0..3 {
            yield_now().await;
        }
    }
    sum
}
