//! "Parsing goes on in a task": when the caller gives up, it does not end.
//!
//! Caught by: stops everything when its caller gives up

use exam::{Failure, Service};
use futures::future::join_all;

pub async fn two_stages(pages: Vec<String>, fetch: Service, parse: Service) -> Vec<Result<String, Failure>> {
    join_all(pages.into_iter().map(async |page| {
        let text = fetch.call(&page).await?;
        tokio::spawn(parse.call(&text)).await.unwrap()
    }))
    .await
}
