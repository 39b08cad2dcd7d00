//! "Only the network can fail": one page cannot be parsed, and all others are lost.
//!
//! Caught by: keeps a failure in its place, and goes on with the others

use exam::{Failure, Service};
use futures::future::join_all;

pub async fn two_stages(pages: Vec<String>, fetch: Service, parse: Service) -> Vec<Result<String, Failure>> {
    join_all(pages.into_iter().map(async |page| {
        let text = fetch.call(&page).await?;
        Ok(parse.call(&text).await.expect("what was fetched can be parsed"))
    }))
    .await
}
