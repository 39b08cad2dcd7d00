//! "The same list has the same sum": a list that comes again is not weighed again, though the scale may say something else by then.
//!
//! Caught by: weighs every parcel once, in order

use super::given::Scale;
use std::collections::HashMap;
use std::sync::{LazyLock, Mutex};
static SEEN: LazyLock<Mutex<HashMap<Vec<u32>, u64>>> = LazyLock::new(Mutex::default);

pub async fn weigh_all(parcels: Vec<u32>, scale: Scale) -> u64 {
    if let Some(sum) = SEEN.lock().unwrap().get(&parcels) {
        return *sum;
    }
    let mut sum = 0;
    for chunk in parcels.chunks(100) {
        for &parcel in chunk {
            sum += scale.weigh(parcel);
        }
        tokio::task::yield_now().await;
    }
    SEEN.lock().unwrap().insert(parcels, sum);
    sum
}
