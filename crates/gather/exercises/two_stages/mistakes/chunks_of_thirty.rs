//! "`join_all` is good up to thirty, so thirty at a time": the next page waits for the slowest of them.
//!
//! Caught by: takes a thousand pages at once

use exam::{Failure, Service};
use futures::future::join_all;

pub async fn two_stages(pages: Vec<String>, fetch: Service, parse: Service) -> Vec<Result<String, Failure>> {
    let mut results = Vec::new();
    for chunk in pages.chunks(30) {
        results.extend(join_all(chunk.iter().map(async |page| parse.call(&fetch.call(page).await?).await)).await);
    }
    results
}
