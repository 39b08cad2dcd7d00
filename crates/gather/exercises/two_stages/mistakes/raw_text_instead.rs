//! "The raw text is better than nothing": and is taken for a parsed one.
//!
//! Caught by: keeps a failure in its place, and the others go on

use exam::{Failure, Service};
use futures::future::join_all;

pub async fn two_stages(pages: Vec<String>, fetch: Service, parse: Service) -> Vec<Result<String, Failure>> {
    join_all(pages.into_iter().map(async |page| {
        let text = fetch.call(&page).await?;
        Ok(parse.call(&text).await.unwrap_or(text))
    }))
    .await
}
