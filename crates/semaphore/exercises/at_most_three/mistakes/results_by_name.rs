//! "A map gives each page its result": a page that is wanted twice has one entry.
//!
//! Caught by: takes a page that is wanted twice for two pages

use exam::{Failure, Service};
use futures::stream::{self, StreamExt};
use std::collections::HashMap;

pub async fn at_most_three(pages: Vec<String>, fetch: Service) -> Vec<Result<String, Failure>> {
    let mut results: HashMap<String, _> =
        stream::iter(pages.iter().map(async |page| (page.clone(), fetch.call(page).await)))
            .buffer_unordered(3)
            .collect()
            .await;
    pages.iter().map(|page| results.remove(page).unwrap()).collect()
}
