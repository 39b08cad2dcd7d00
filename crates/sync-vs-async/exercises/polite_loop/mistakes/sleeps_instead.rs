//! "While I sleep, I disturb no other task": the sum comes later than necessary.
//!
//! Caught by: does not sleep

use std::time::Duration;

use tokio::time::sleep;

use super::given::Scale;

pub async fn weigh_all(parcels: Vec<u32>, scale: Scale) -> u64 {
    let mut sum = 0;
    for batch in parcels.chunks(100) {
        sum += batch.iter().map(|parcel| scale.weigh(*parcel)).sum::<u64>();
        sleep(Duration::from_millis(1)).await;
    }
    sum
}
