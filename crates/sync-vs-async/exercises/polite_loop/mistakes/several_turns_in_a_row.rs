//! "I give way thoroughly: three times in a row": two of the three turns come after no parcel at all.
//!
//! Caught by: gives way no more often than is good for it

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
