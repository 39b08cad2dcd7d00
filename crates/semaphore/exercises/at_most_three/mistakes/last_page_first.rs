//! "The workers share a list and `pop` from it": `pop` takes the last page first.
//!
//! Caught by: returns the results in the order of the pages

use exam::{Failure, Service};
use futures::future::join_all;
use std::sync::Mutex;

pub async fn at_most_three(pages: Vec<String>, fetch: Service) -> Vec<Result<String, Failure>> {
    let left = Mutex::new(pages);
    join_all((0..3).map(async |_| {
        let mut results = Vec::new();
        loop {
            let Some(page) = left.lock().unwrap().pop() else { return results };
            results.push(fetch.call(&page).await);
        }
    }))
    .await
    .concat()
}
