//! "Nobody has more than five hundred insurers": the next one waits for its turn.
//!
//! Caught by: does the same with a thousand insurers

use exam::Service;
use futures::stream::{self, StreamExt};
use std::future::ready;

pub async fn first_three(insurers: Vec<Service>) -> Vec<String> {
    let replies = stream::iter(insurers).map(|insurer| insurer.ask()).buffer_unordered(500);
    replies.filter_map(|reply| ready(reply.ok())).take(3).collect().await
}
