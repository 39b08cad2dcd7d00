//! "I use a `FuturesUnordered` of whole pipelines": the timing is right, but the results are in the order in which they came.
//!
//! Caught by: returns the results in the order of the pages

use exam::{Failure, Service};
use futures::StreamExt;
use futures::stream::FuturesUnordered;

pub async fn two_stages(pages: Vec<String>, fetch: Service, parse: Service) -> Vec<Result<String, Failure>> {
    let ways = pages.into_iter().map(async |page| parse.call(&fetch.call(&page).await?).await);
    ways.collect::<FuturesUnordered<_>>().collect().await
}
