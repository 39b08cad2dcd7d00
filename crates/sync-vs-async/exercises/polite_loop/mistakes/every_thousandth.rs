//! "I yield every thousand parcels": other tasks may wait for only 200.
//!
//! Caught by: lets no task wait for more than 200 parcels

use tokio::task::yield_now;

use super::given::Scale;

pub async fn weigh_all(parcels: Vec<u32>, scale: Scale) -> u64 {
    let mut sum = 0;
    for batch in parcels.chunks(1_000) {
        sum += batch.iter().map(|parcel| scale.weigh(*parcel)).sum::<u64>();
        yield_now().await;
    }
    sum
}
