//! A long computation that lets other tasks run. README.md beside this file describes the task.

use super::given::Scale;

/// Weighs every parcel once, in order, and returns the sum. No other task waits for more than 200 parcels.
///
/// `scale.weigh(parcel)` returns the weight of a parcel, as a `u64`, and never waits.
pub async fn weigh_all(parcels: Vec<u32>, scale: Scale) -> u64 {
    todo!()
}
