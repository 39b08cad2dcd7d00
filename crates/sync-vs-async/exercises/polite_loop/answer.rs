//! A long computation that lets the others through: README.md beside this file says what is wanted.

use super::given::Scale;

/// Weighs every parcel, once and in order, and returns the sum; nobody else waits for more than 200 of them.
///
/// `scale.weigh(parcel)` returns the weight of a parcel, as a `u64`, and waits for nothing.
pub async fn weigh_all(parcels: Vec<u32>, scale: Scale) -> u64 {
    todo!()
}
