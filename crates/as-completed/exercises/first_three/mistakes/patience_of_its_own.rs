//! "No caller waits longer than three seconds for the next one": the caller decides that, and the second offer came later.
//!
//! Caught by: returns fewer than three when there are no more

use std::time::Duration;

use exam::Service;
use futures::StreamExt;
use futures::stream::FuturesUnordered;
use tokio::time::timeout;

pub async fn first_three(insurers: Vec<Service>) -> Vec<String> {
    let mut replies: FuturesUnordered<_> = insurers.iter().map(Service::ask).collect();
    let mut offers = Vec::new();
    while let Ok(Some(reply)) = timeout(Duration::from_secs(3), replies.next()).await {
        offers.extend(reply);
        if offers.len() == 3 {
            break;
        }
    }
    offers
}
