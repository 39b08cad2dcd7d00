//! "After ten failures nothing will come any more": the others are left out.
//!
//! Caught by: takes a thousand pages at once as well

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
