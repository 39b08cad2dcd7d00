//! "`let _ =` keeps a value that I do not use": `_` is not a variable, and the permit is dropped before the request starts.
//!
//! Caught by: never fetches more than three pages at once

use exam::{Failure, Service};
use futures::future::join_all;
use tokio::sync::Semaphore;

pub async fn at_most_three(pages: Vec<String>, fetch: Service) -> Vec<Result<String, Failure>> {
    let semaphore = Semaphore::new(3);
    join_all(pages.iter().map(async |page| {
        let _ = semaphore.acquire().await;
        fetch.call(page).await
    }))
    .await
}
