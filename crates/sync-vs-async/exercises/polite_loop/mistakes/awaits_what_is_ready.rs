//! "Every `.await` yields": this one awaits a future that is ready immediately.
//!
//! Caught by: lets other tasks run

use super::given::Scale;

pub async fn weigh_all(parcels: Vec<u32>, scale: Scale) -> u64 {
    let mut sum = 0;
    for parcel in parcels {
        sum += weigh(&scale, parcel).await;
    }
    sum
}

async fn weigh(scale: &Scale, parcel: u32) -> u64 {
    scale.weigh(parcel)
}
