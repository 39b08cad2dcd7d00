//! "There is always a first parcel": a list may be empty.
//!
//! Caught by: weighs every parcel once, in order

use tokio::task::yield_now;

use super::given::Scale;

pub async fn weigh_all(parcels: Vec<u32>, scale: Scale) -> u64 {
    let mut sum = scale.weigh(parcels[0]);
    for batch in parcels[1..].chunks(100) {
        sum += batch.iter().map(|parcel| scale.weigh(*parcel)).sum::<u64>();
        yield_now().await;
    }
    sum
}
