//! "`select_ok` returns the first good one, so three times return three": it drops the other calls, and asks all again.
//!
//! Caught by: asks all insurers at once

use exam::Service;
use futures::FutureExt;
use futures::future::select_ok;

pub async fn first_three(insurers: Vec<Service>) -> Vec<String> {
    let mut offers: Vec<String> = Vec::new();
    while offers.len() < 3 {
        match select_ok(insurers.iter().map(|insurer| insurer.ask().boxed())).await {
            Ok((offer, _)) => offers.push(offer),
            Err(_) => break,
        }
    }
    offers
}
