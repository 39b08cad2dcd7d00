//! "A map holds the result of each page": a page that is in the list twice has one entry.
//!
//! Caught by: fetches a page twice if it is in the list twice

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
