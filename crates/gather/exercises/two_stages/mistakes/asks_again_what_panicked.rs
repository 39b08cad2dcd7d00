//! "A panic may have been bad luck": it makes the call again.
//!
//! Caught by: passes on that a call panicked

use exam::{Failure, Service};
use futures::future::join_all;
use tokio::task::JoinSet;

pub async fn two_stages(pages: Vec<String>, fetch: Service, parse: Service) -> Vec<Result<String, Failure>> {
    join_all(pages.into_iter().map(async |page| {
        let text = fetch.call(&page).await?;
        let mut calls = JoinSet::new();
        loop {
            calls.spawn(parse.call(&text));
            if let Some(Ok(result)) = calls.join_next().await {
                return result;
            }
        }
    }))
    .await
}
