//! "After some failures nothing good will come": the other pages are missing.
//!
//! Caught by: takes a thousand pages at once

use exam::{Failure, Service};
use futures::future::join_all;
use std::cell::Cell;

pub async fn two_stages(pages: Vec<String>, fetch: Service, parse: Service) -> Vec<Result<String, Failure>> {
    let failures = Cell::new(0);
    let mut results = join_all(pages.into_iter().map(async |page| {
        let result = fetch.call(&page).await;
        if result.is_err() {
            failures.set(failures.get() + 1);
        }
        if failures.get() >= 3 {
            return result;
        }
        parse.call(&result?).await
    }))
    .await;
    results
}
