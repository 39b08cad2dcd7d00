//! "Short lists may be weighed in small batches": a batch of three is too small.
//!
//! Caught by: yields no more often than after ten parcels

use tokio::task::yield_now;

use super::given::Scale;

pub async fn weigh_all(parcels: Vec<u32>, scale: Scale) -> u64 {
    let mut sum = 0;
    let n = if (101..=199).contains(&parcels.len()) { 3 } else { 100 };
    for batch in parcels.chunks(n) {
        sum += batch.iter().map(|p| scale.weigh(*p)).sum::<u64>();
        yield_now().await;
    }
    sum
}
