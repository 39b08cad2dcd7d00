//! "A parser that is busy may be asked again": nobody wanted that.
//!
//! Caught by: keeps a failure in its place, and the others go on

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
