//! "Sixty-four parsers are enough": the next page waits for its turn.
//!
//! Caught by: takes a thousand pages at once

use exam::{Failure, Service};
use futures::future::join_all;
use tokio::sync::Semaphore;

pub async fn two_stages(pages: Vec<String>, fetch: Service, parse: Service) -> Vec<Result<String, Failure>> {
    let parsers = Semaphore::new(64);
    join_all(pages.into_iter().map(async |page| {
        let text = fetch.call(&page).await?;
        let _one = parsers.acquire().await.unwrap();
        parse.call(&text).await
    }))
    .await
}
