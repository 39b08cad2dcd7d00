//! "After a minute I return what there is": how long to wait is for the caller to say, and both offers came later.
//!
//! Caught by: returns what there is when there are fewer than three

use std::time::Duration;

use exam::Service;
use futures::StreamExt;
use futures::stream::FuturesUnordered;
use tokio::time::timeout;

pub async fn first_three(insurers: Vec<Service>) -> Vec<String> {
    let mut replies: FuturesUnordered<_> = insurers.iter().map(Service::ask).collect();
    let mut offers = Vec::new();
    let all = async {
        while let Some(reply) = replies.next().await {
            offers.extend(reply);
            if offers.len() == 3 {
                break;
            }
        }
    };
    let _ = timeout(Duration::from_secs(60), all).await;
    offers
}
