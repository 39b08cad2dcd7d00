//! "Two thousand yields are enough for any list": in a very long list, too many parcels lie between two of them.
//!
//! Caught by: lets no task wait longer when there are more parcels

use tokio::task::yield_now;

use super::given::Scale;

pub async fn weigh_all(parcels: Vec<u32>, scale: Scale) -> u64 {
    let batch = (parcels.len() / 2_000).max(100);
    let mut sum = 0;
    for batch in parcels.chunks(batch) {
        sum += batch.iter().map(|parcel| scale.weigh(*parcel)).sum::<u64>();
        yield_now().await;
    }
    sum
}
