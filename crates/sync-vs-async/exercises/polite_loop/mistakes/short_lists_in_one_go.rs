//! "A list of fewer than a thousand parcels is quick enough": other tasks may wait for only 200.
//!
//! Caught by: lets no task wait longer when there are few parcels

use tokio::task::yield_now;

use super::given::Scale;

pub async fn weigh_all(parcels: Vec<u32>, scale: Scale) -> u64 {
    let batch = if parcels.len() < 1_000 { 1_000 } else { 100 };
    let mut sum = 0;
    for batch in parcels.chunks(batch) {
        sum += batch.iter().map(|parcel| scale.weigh(*parcel)).sum::<u64>();
        yield_now().await;
    }
    sum
}
