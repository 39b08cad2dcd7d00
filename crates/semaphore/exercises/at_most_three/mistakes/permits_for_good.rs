//! "One semaphore for the whole program, with a release at the end": a call that is dropped never reaches its end.
//!
//! Caught by: has all three places again after its caller gave up

use exam::{Failure, Service};
use futures::future::join_all;
use tokio::sync::Semaphore;
static SEMAPHORE: Semaphore = Semaphore::const_new(3);

pub async fn at_most_three(pages: Vec<String>, fetch: Service) -> Vec<Result<String, Failure>> {
    join_all(pages.iter().map(async |page| {
        SEMAPHORE.acquire().await.unwrap().forget();
        let result = fetch.call(page).await;
        SEMAPHORE.add_permits(1);
        result
    }))
    .await
}
