//! "I yield at parcels with a round number": the number of a parcel says nothing about its place.
//!
//! Caught by: lets no task wait for more than 200 parcels

use tokio::task::yield_now;

use super::given::Scale;

pub async fn weigh_all(parcels: Vec<u32>, scale: Scale) -> u64 {
    let mut sum = 0;
    for parcel in parcels {
        sum += scale.weigh(parcel);
        if parcel % 101 == 0 {
            yield_now().await;
        }
    }
    sum
}
