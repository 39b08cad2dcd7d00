//! "250 parcels are few enough": other tasks may wait for only 200.
//!
//! Caught by: lets no task wait longer when there are few parcels

use super::given::Scale;
use tokio::task::yield_now;

pub async fn weigh_all(parcels: Vec<u32>, scale: Scale) -> u64 {
    let mut sum = 0;
    if parcels.len() <= 250 {
        return parcels.iter().map(|parcel| scale.weigh(*parcel)).sum();
    }
    for batch in parcels.chunks(100) {
        sum += batch.iter().map(|parcel| scale.weigh(*parcel)).sum::<u64>();
        yield_now().await;
    }
    sum
}
