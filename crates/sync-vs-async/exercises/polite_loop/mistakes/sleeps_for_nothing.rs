//! "`sleep(0)`, as in asyncio": a sleep of zero is ready immediately, and yields only when a budget of 128 operations is used up.
//!
//! Caught by: lets other tasks run

use std::time::Duration;

use tokio::time::sleep;

use super::given::Scale;

pub async fn weigh_all(parcels: Vec<u32>, scale: Scale) -> u64 {
    let mut sum = 0;
    for batch in parcels.chunks(100) {
        sum += batch.iter().map(|parcel| scale.weigh(*parcel)).sum::<u64>();
        sleep(Duration::ZERO).await;
    }
    sum
}
