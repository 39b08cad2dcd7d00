//! "The newest first, and then sorted": the results are right, and the first page of the list comes last.
//!
//! Caught by: fetches the pages in their order

use exam::{Failure, Service};
use futures::stream::{self, StreamExt};

pub async fn at_most_three(pages: Vec<String>, fetch: Service) -> Vec<Result<String, Failure>> {
    let requests = pages.iter().enumerate().rev().map(async |(number, page)| (number, fetch.call(page).await));
    let mut results: Vec<_> = stream::iter(requests).buffer_unordered(3).collect().await;
    results.sort_by_key(|(number, _)| *number);
    results.into_iter().map(|(_, result)| result).collect()
}
