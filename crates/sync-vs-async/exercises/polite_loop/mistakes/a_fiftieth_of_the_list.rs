//! "A fiftieth of the list is a good batch": with 12,000 parcels, that is more than 200.
//!
//! Caught by: lets no task wait longer when there are more parcels

use tokio::task::yield_now;

use super::given::Scale;

pub async fn weigh_all(parcels: Vec<u32>, scale: Scale) -> u64 {
    let mut sum = 0;
    let n = if parcels.len() > 20_000 { 200 } else { (parcels.len() / 50).clamp(20, 260) };
    for batch in parcels.chunks(n) {
        sum += batch.iter().map(|p| scale.weigh(*p)).sum::<u64>();
        yield_now().await;
    }
    sum
}
