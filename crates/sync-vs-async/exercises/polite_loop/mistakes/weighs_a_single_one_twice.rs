//! "I weigh the last one again, to be sure": weigh each parcel once.
//!
//! Caught by: weighs every parcel once, in order

use super::given::Scale;
use tokio::task::yield_now;

pub async fn weigh_all(parcels: Vec<u32>, scale: Scale) -> u64 {
    let mut sum = 0;
    for batch in parcels.chunks(100) {
        sum += batch.iter().map(|parcel| scale.weigh(*parcel)).sum::<u64>();
        yield_now().await;
    }
    if parcels.len() == 1 {
        scale.weigh(parcels[0]);
    }
    sum
}
