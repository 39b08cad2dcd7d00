//! "`buffer_unordered` needs a number, and ten is enough": the eleventh insurer waits for its turn.
//!
//! Caught by: does the same with a thousand insurers

use std::future::ready;

use exam::Service;
use futures::stream::{self, StreamExt};

pub async fn first_three(insurers: Vec<Service>) -> Vec<String> {
    let replies = stream::iter(insurers).map(|insurer| insurer.ask()).buffer_unordered(10);
    replies.filter_map(|reply| ready(reply.ok())).take(3).collect().await
}
