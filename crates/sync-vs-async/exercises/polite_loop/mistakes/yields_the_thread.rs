//! "There is a `yield_now` in the standard library": it gives the thread to other threads, and the tasks of this one wait on.
//!
//! Caught by: lets the others through

use super::given::Scale;

pub async fn weigh_all(parcels: Vec<u32>, scale: Scale) -> u64 {
    let mut sum = 0;
    for batch in parcels.chunks(100) {
        sum += batch.iter().map(|parcel| scale.weigh(*parcel)).sum::<u64>();
        std::thread::yield_now();
    }
    sum
}
