//! "The last few parcels can go into a task": it goes on after the caller has given up.
//!
//! Caught by: ends when its caller gives up

use super::given::Scale;
use tokio::task::yield_now;

pub async fn weigh_all(parcels: Vec<u32>, scale: Scale) -> u64 {
    let mut sum = 0;
    let half = parcels.len() / 2;
    let rest = parcels[half..].to_vec();
    for batch in parcels[..half].chunks(100) {
        sum += batch.iter().map(|parcel| scale.weigh(*parcel)).sum::<u64>();
        yield_now().await;
    }
    sum + tokio::spawn(async move {
        let mut sum = 0;
        for batch in rest.chunks(100) {
            sum += batch.iter().map(|parcel| scale.weigh(*parcel)).sum::<u64>();
            yield_now().await;
        }
        sum
    })
    .await
    .unwrap()
}
