//! "The blanks of the result do not matter": the task asks for it unchanged.
//!
//! Caught by: keeps late and empty results, and blanks

use exam::{Failure, Service};
use futures::future::join_all;

pub async fn two_stages(pages: Vec<String>, fetch: Service, parse: Service) -> Vec<Result<String, Failure>> {
    join_all(pages.into_iter().map(async |page| Ok(parse.call(&fetch.call(&page).await?).await?.trim().to_owned())))
        .await
}
