//! "After ten failures the server is down": the task wants all other pages.
//!
//! Caught by: keeps three under way when pages take minutes and the list is long

use exam::{Failure, Service};
use futures::future::join_all;
use futures::stream::{self, FuturesUnordered, StreamExt};
use std::time::Duration;
use tokio::sync::Semaphore;
use tokio::time::timeout;

pub async fn at_most_three(pages: Vec<String>, fetch: Service) -> Vec<Result<String, Failure>> {
    let semaphore = Semaphore::new(3);
    let failures = std::cell::Cell::new(0);
    let requests = pages.iter().map(async |page| {
        let _permit = semaphore.acquire().await.unwrap();
        if failures.get() >= 10 {
            return Ok(String::new());
        }
        let result = fetch.call(page).await;
        failures.set(failures.get() + usize::from(result.is_err()));
        result
    });
    join_all(requests).await
}
