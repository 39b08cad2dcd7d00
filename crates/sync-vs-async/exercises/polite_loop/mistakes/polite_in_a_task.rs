//! "I spawn a task that yields": it goes on after the caller has given up.
//!
//! Caught by: ends when its caller gives up

use tokio::task::yield_now;

use super::given::Scale;

pub async fn weigh_all(parcels: Vec<u32>, scale: Scale) -> u64 {
    let task = tokio::spawn(async move {
        let mut sum = 0;
        for batch in parcels.chunks(100) {
            sum += batch.iter().map(|parcel| scale.weigh(*parcel)).sum::<u64>();
            yield_now().await;
        }
        sum
    });
    task.await.unwrap()
}
