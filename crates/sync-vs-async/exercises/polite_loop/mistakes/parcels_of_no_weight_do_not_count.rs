//! "A parcel that weighs nothing is no work": to weigh it takes as much time.
//!
//! Caught by: lets no task wait for more than 200 parcels

use super::given::Scale;
use tokio::task::yield_now;

pub async fn weigh_all(parcels: Vec<u32>, scale: Scale) -> u64 {
    let mut sum = 0;
    let mut since = 0;
    for parcel in parcels {
        let weight = scale.weigh(parcel);
        sum += weight;
        since += usize::from(weight > 0);
        if since == 100 {
            since = 0;
            yield_now().await;
        }
    }
    sum
}
