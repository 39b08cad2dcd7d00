//! "I start the newest first, and sort the results": the results are right, but the first page is fetched last.
//!
//! Caught by: starts the pages in the order of the list

use exam::{Failure, Service};
use futures::stream::{self, StreamExt};

pub async fn at_most_three(pages: Vec<String>, fetch: Service) -> Vec<Result<String, Failure>> {
    let requests = pages.iter().enumerate().rev().map(async |(number, page)| (number, fetch.call(page).await));
    let mut results: Vec<_> = stream::iter(requests).buffer_unordered(3).collect().await;
    results.sort_by_key(|(number, _)| *number);
    results.into_iter().map(|(_, result)| result).collect()
}
