//! "I know this number, so I know its weight": the parcel is never weighed.
//!
//! Caught by: weighs every parcel once, in order

use std::collections::HashMap;

use tokio::task::yield_now;

use super::given::Scale;

pub async fn weigh_all(parcels: Vec<u32>, scale: Scale) -> u64 {
    let mut known = HashMap::new();
    let mut sum = 0;
    for batch in parcels.chunks(100) {
        sum += batch.iter().map(|parcel| *known.entry(*parcel).or_insert_with(|| scale.weigh(*parcel))).sum::<u64>();
        yield_now().await;
    }
    sum
}
