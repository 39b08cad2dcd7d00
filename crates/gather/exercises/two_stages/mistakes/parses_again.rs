//! "I call a busy parser again": the task does not ask for that.
//!
//! Caught by: keeps a failure in its place, and goes on with the others

use exam::{Failure, Service};
use futures::future::join_all;

pub async fn two_stages(pages: Vec<String>, fetch: Service, parse: Service) -> Vec<Result<String, Failure>> {
    join_all(pages.into_iter().map(async |page| {
        let text = fetch.call(&page).await?;
        match parse.call(&text).await {
            Ok(parsed) => Ok(parsed),
            Err(_) => parse.call(&text).await,
        }
    }))
    .await
}
