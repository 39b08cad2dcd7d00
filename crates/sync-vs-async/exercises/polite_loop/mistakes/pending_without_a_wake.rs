//! "I return `Pending` once": then nothing wakes the task.
//!
//! Caught by: weighs every parcel once, in order

use super::given::Scale;
use tokio::task::yield_now;

pub async fn weigh_all(parcels: Vec<u32>, scale: Scale) -> u64 {
    let mut sum = 0;
    for batch in parcels.chunks(100) {
        sum += batch.iter().map(|parcel| scale.weigh(*parcel)).sum::<u64>();
        let mut first = true;
        std::future::poll_fn(|_| {
            if std::mem::take(&mut first) { std::task::Poll::Pending } else { std::task::Poll::Ready(()) }
        })
        .await;
    }
    sum
}
