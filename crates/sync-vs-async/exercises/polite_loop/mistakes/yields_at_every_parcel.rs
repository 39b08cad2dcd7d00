//! "The more polite the better": giving way costs more than weighing.
//!
//! Caught by: gives way no more often than is good for it

use tokio::task::yield_now;

use super::given::Scale;

pub async fn weigh_all(parcels: Vec<u32>, scale: Scale) -> u64 {
    let mut sum = 0;
    for parcel in parcels {
        sum += scale.weigh(parcel);
        yield_now().await;
    }
    sum
}
