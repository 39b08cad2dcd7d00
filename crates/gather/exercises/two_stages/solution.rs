//! One good answer.

use exam::{Failure, Service};
use futures::future::join_all;

/// Fetches every page and parses it, all pages at once, and returns what came of each, in the order of the pages.
pub async fn two_stages(pages: Vec<String>, fetch: Service, parse: Service) -> Vec<Result<String, Failure>> {
    // One future is the whole way of one page, so no page waits for another.
    join_all(pages.into_iter().map(async |page| parse.call(&fetch.call(&page).await?).await)).await
}
