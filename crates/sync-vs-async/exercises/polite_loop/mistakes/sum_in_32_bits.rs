//! "A sum of weights fits into a `u32`": this sum does not.
//!
//! Caught by: weighs every parcel once, in order

use tokio::task::yield_now;

use super::given::Scale;

pub async fn weigh_all(parcels: Vec<u32>, scale: Scale) -> u64 {
    let mut sum: u32 = 0;
    for batch in parcels.chunks(100) {
        for parcel in batch {
            sum = sum.wrapping_add(scale.weigh(*parcel) as u32);
        }
        yield_now().await;
    }
    sum.into()
}
