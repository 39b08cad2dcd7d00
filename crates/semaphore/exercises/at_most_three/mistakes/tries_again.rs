//! "A failure deserves a second try": the task does not ask for one, and the server gets one more request.
//!
//! Caught by: goes on when pages fail

use exam::{Failure, Service};
use futures::future::join_all;
use tokio::sync::Semaphore;

pub async fn at_most_three(pages: Vec<String>, fetch: Service) -> Vec<Result<String, Failure>> {
    let semaphore = Semaphore::new(3);
    join_all(pages.iter().map(async |page| {
        let _permit = semaphore.acquire().await.unwrap();
        match fetch.call(page).await {
            Ok(text) => Ok(text),
            Err(_) => fetch.call(page).await,
        }
    }))
    .await
}
