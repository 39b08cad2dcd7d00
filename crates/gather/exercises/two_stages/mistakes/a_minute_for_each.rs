//! "No page takes longer than a minute": one that does is left out, and the next takes its place.
//!
//! Caught by: waits for a slow page as well

use std::time::Duration;

use exam::{Failure, Service};
use futures::future::join_all;
use tokio::time::timeout;

pub async fn two_stages(pages: Vec<String>, fetch: Service, parse: Service) -> Vec<Result<String, Failure>> {
    let minute = Duration::from_secs(60);
    let ways = pages.into_iter().map(async |page| {
        let way = async { parse.call(&fetch.call(&page).await?).await };
        timeout(minute, way).await
    });
    join_all(ways).await.into_iter().flatten().collect()
}
