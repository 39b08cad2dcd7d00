//! "I weigh them in the order of their numbers": the task wants the order of the list.
//!
//! Caught by: weighs every parcel once, in order

use tokio::task::yield_now;

use super::given::Scale;

pub async fn weigh_all(mut parcels: Vec<u32>, scale: Scale) -> u64 {
    parcels.sort_unstable();
    let mut sum = 0;
    for batch in parcels.chunks(100) {
        sum += batch.iter().map(|parcel| scale.weigh(*parcel)).sum::<u64>();
        yield_now().await;
    }
    sum
}
