//! "Without a budget it is quicker": then `consume_budget` never yields.
//!
//! Caught by: lets other tasks run

use tokio::task::{coop::consume_budget, unconstrained};

use super::given::Scale;

pub async fn weigh_all(parcels: Vec<u32>, scale: Scale) -> u64 {
    let weigh_all = async {
        let mut sum = 0;
        for parcel in parcels {
            sum += scale.weigh(parcel);
            consume_budget().await;
        }
        sum
    };
    unconstrained(weigh_all).await
}
