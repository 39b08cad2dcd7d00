//! "One page after the other also has two stages": each page waits until the one before it is parsed.
//!
//! Caught by: fetches all pages at once

use exam::{Failure, Service};

pub async fn two_stages(pages: Vec<String>, fetch: Service, parse: Service) -> Vec<Result<String, Failure>> {
    let mut results = Vec::new();
    for page in pages {
        results.push(match fetch.call(&page).await {
            Ok(text) => parse.call(&text).await,
            Err(failure) => Err(failure),
        });
    }
    results
}
