//! "Only what goes over the network can fail": and a page that cannot be parsed takes all others down.
//!
//! Caught by: keeps a failure in its place, and the others go on

use exam::{Failure, Service};
use futures::future::join_all;

pub async fn two_stages(pages: Vec<String>, fetch: Service, parse: Service) -> Vec<Result<String, Failure>> {
    join_all(pages.into_iter().map(async |page| {
        let text = fetch.call(&page).await?;
        Ok(parse.call(&text).await.expect("what was fetched can be parsed"))
    }))
    .await
}
