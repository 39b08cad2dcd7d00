//! "I yield after the square root of their number": this grows with the list, too.
//!
//! Caught by: lets no task wait longer when there are more parcels

use tokio::task::yield_now;

use super::given::Scale;

pub async fn weigh_all(parcels: Vec<u32>, scale: Scale) -> u64 {
    let batch = parcels.len().isqrt().max(10);
    let mut sum = 0;
    for batch in parcels.chunks(batch) {
        sum += batch.iter().map(|parcel| scale.weigh(*parcel)).sum::<u64>();
        yield_now().await;
    }
    sum
}
