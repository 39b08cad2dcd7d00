//! "A fetch may take long, but parsing may not": it sets a limit of a minute.
//!
//! Caught by: keeps late and empty results, and blanks

use exam::{Failure, Service};
use futures::future::join_all;
use std::time::Duration;
use tokio::time::timeout;

pub async fn two_stages(pages: Vec<String>, fetch: Service, parse: Service) -> Vec<Result<String, Failure>> {
    join_all(pages.into_iter().map(async |page| {
        let text = fetch.call(&page).await?;
        timeout(Duration::from_mins(1), parse.call(&text)).await.unwrap_or_else(|_| Ok(String::new()))
    }))
    .await
}
