//! "`try_join_all` is `join_all` for results": it is for all or nothing.
//!
//! Caught by: keeps a failure in its place, and goes on with the others

use exam::{Failure, Service};
use futures::future::try_join_all;

pub async fn two_stages(pages: Vec<String>, fetch: Service, parse: Service) -> Vec<Result<String, Failure>> {
    match try_join_all(pages.into_iter().map(async |page| parse.call(&fetch.call(&page).await?).await)).await {
        Ok(texts) => texts.into_iter().map(Ok).collect(),
        Err(failure) => vec![Err(failure)],
    }
}
