//! "`try_join_all` is `join_all` for results": it drops the others at the first failure.
//!
//! Caught by: goes on when pages fail

use exam::{Failure, Service};
use futures::future::try_join_all;
use tokio::sync::Semaphore;

pub async fn at_most_three(pages: Vec<String>, fetch: Service) -> Vec<Result<String, Failure>> {
    let semaphore = Semaphore::new(3);
    let requests = pages.iter().map(async |page| {
        let _permit = semaphore.acquire().await.unwrap();
        fetch.call(page).await
    });
    match try_join_all(requests).await {
        Ok(texts) => texts.into_iter().map(Ok).collect(),
        Err(failure) => vec![Err(failure)],
    }
}
