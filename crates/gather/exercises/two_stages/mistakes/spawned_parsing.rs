//! "Parsing is work, so it gets its own task": it goes on after the caller has given up.
//!
//! Caught by: stops everything when its caller gives up

use exam::{Failure, Service};
use futures::future::join_all;

pub async fn two_stages(pages: Vec<String>, fetch: Service, parse: Service) -> Vec<Result<String, Failure>> {
    join_all(pages.into_iter().map(async |page| {
        let text = fetch.call(&page).await?;
        tokio::spawn(parse.call(&text)).await.expect("the parser does not panic")
    }))
    .await
}
