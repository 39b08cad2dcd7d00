//! "Ten yields are enough": with ten times the parcels, other tasks wait ten times as long.
//!
//! Caught by: lets no task wait longer when there are more parcels

use tokio::task::yield_now;

use super::given::Scale;

pub async fn weigh_all(parcels: Vec<u32>, scale: Scale) -> u64 {
    let mut sum = 0;
    for batch in parcels.chunks(parcels.len().div_ceil(10).max(10)) {
        sum += batch.iter().map(|parcel| scale.weigh(*parcel)).sum::<u64>();
        yield_now().await;
    }
    sum
}
