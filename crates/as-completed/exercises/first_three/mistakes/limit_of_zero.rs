//! "The limit is the number of insurers": without insurers it is 0, which starts nothing and never ends.
//!
//! Caught by: returns fewer than three when there are no more

use std::future::ready;

use exam::Service;
use futures::stream::{self, StreamExt};

pub async fn first_three(insurers: Vec<Service>) -> Vec<String> {
    let all = insurers.len();
    let replies = stream::iter(insurers).map(|insurer| insurer.ask()).buffer_unordered(all);
    replies.filter_map(|reply| ready(reply.ok())).take(3).collect().await
}
