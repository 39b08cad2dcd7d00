//! "`select_all` returns the next one and the rest": it panics when the rest is empty.
//!
//! Caught by: returns fewer than three when there are no more

use exam::Service;
use futures::FutureExt;
use futures::future::select_all;

pub async fn first_three(insurers: Vec<Service>) -> Vec<String> {
    let mut rest: Vec<_> = insurers.iter().map(|insurer| insurer.ask().boxed()).collect();
    let mut offers = Vec::new();
    while offers.len() < 3 {
        let (reply, _, left) = select_all(rest).await;
        offers.extend(reply);
        rest = left;
    }
    offers
}
