//! "The more I yield, the better": a yield costs more than a parcel.
//!
//! Caught by: yields no more often than after ten parcels

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
