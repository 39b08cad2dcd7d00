//! "On average it is right": it yields after five parcels, and then after a hundred and fifty.
//!
//! Caught by: yields no more often than after ten parcels

use super::given::Scale;
use tokio::task::yield_now;

pub async fn weigh_all(parcels: Vec<u32>, scale: Scale) -> u64 {
    let mut sum = 0;
    for (number, parcel) in parcels.into_iter().enumerate() {
        sum += scale.weigh(parcel);
        if matches!(number % 155, 4 | 154) {
            yield_now().await;
        }
    }
    sum
}
