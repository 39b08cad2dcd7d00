//! "The standard library has a `yield_now`": it yields to other threads, and the tasks of this thread still wait.
//!
//! Caught by: lets other tasks run

use super::given::Scale;

pub async fn weigh_all(parcels: Vec<u32>, scale: Scale) -> u64 {
    let mut sum = 0;
    for batch in parcels.chunks(100) {
        sum += batch.iter().map(|parcel| scale.weigh(*parcel)).sum::<u64>();
        std::thread::yield_now();
    }
    sum
}
