//! "I yield after some kilos": light parcels take as much time as heavy ones.
//!
//! Caught by: lets no task wait for more than 200 parcels

use tokio::task::yield_now;

use super::given::Scale;

pub async fn weigh_all(parcels: Vec<u32>, scale: Scale) -> u64 {
    let (mut sum, mut since) = (0, 0);
    for parcel in parcels {
        let weight = scale.weigh(parcel);
        sum += weight;
        since += weight;
        if since >= 50_000_000_000 {
            since = 0;
            yield_now().await;
        }
    }
    sum
}
