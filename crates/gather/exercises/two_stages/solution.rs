//! One good answer.

use exam::{Failure, Service};
use futures::future::join_all;

/// Fetches and parses every page, all pages at the same time. Returns the result of each, in the order of the pages.
pub async fn two_stages(pages: Vec<String>, fetch: Service, parse: Service) -> Vec<Result<String, Failure>> {
    // One future does all steps of one page, so no page waits for another.
    join_all(pages.into_iter().map(async |page| parse.call(&fetch.call(&page).await?).await)).await
}
