//! "I stop when I have three, so I ask no insurer for nothing": it asks one insurer after the other.
//!
//! Caught by: asks all insurers at once

use exam::Service;

pub async fn first_three(insurers: Vec<Service>) -> Vec<String> {
    let mut offers = Vec::new();
    for insurer in insurers {
        if let Ok(offer) = insurer.ask().await {
            offers.push(offer);
        }
        if offers.len() == 3 {
            break;
        }
    }
    offers
}
