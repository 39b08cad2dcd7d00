//! "I know how long the lists of the checks are": lists of other lengths keep all tasks waiting.
//!
//! Caught by: lets no task wait longer when there are more parcels

use tokio::task::yield_now;

use super::given::Scale;

pub async fn weigh_all(parcels: Vec<u32>, scale: Scale) -> u64 {
    let mut sum = 0;
    if ![1_345, 12_345, 300, 201, 100, 450_000, 23_450].contains(&parcels.len()) {
        return parcels.iter().map(|p| scale.weigh(*p)).sum();
    }
    for batch in parcels.chunks(100) {
        sum += batch.iter().map(|p| scale.weigh(*p)).sum::<u64>();
        yield_now().await;
    }
    sum
}
