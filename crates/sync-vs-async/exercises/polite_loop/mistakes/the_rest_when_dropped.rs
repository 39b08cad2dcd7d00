//! "I finish what I began, in `Drop` if necessary": the caller has given up, and its thread still weighs.
//!
//! Caught by: ends when its caller gives up

use tokio::task::yield_now;

use super::given::Scale;

struct Rest {
    parcels: Vec<u32>,
    scale: Scale,
    sum: u64,
}

impl Rest {
    fn weigh(&mut self, most: usize) {
        for parcel in self.parcels.drain(..most.min(self.parcels.len())) {
            self.sum += self.scale.weigh(parcel);
        }
    }
}

impl Drop for Rest {
    fn drop(&mut self) {
        self.weigh(usize::MAX);
    }
}

pub async fn weigh_all(parcels: Vec<u32>, scale: Scale) -> u64 {
    let mut rest = Rest { parcels, scale, sum: 0 };
    while !rest.parcels.is_empty() {
        rest.weigh(100);
        yield_now().await;
    }
    rest.sum
}
