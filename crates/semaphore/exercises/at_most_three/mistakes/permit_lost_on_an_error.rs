//! "I release by hand, as in other languages": after a failure, the line that releases the permit does not run.
//!
//! Caught by: goes on when pages fail

use exam::{Failure, Service};
use futures::future::join_all;
use tokio::sync::Semaphore;

pub async fn at_most_three(pages: Vec<String>, fetch: Service) -> Vec<Result<String, Failure>> {
    let semaphore = Semaphore::new(3);
    join_all(pages.iter().map(async |page| {
        semaphore.acquire().await.unwrap().forget();
        let text = fetch.call(page).await?;
        semaphore.add_permits(1);
        Ok(text)
    }))
    .await
}
