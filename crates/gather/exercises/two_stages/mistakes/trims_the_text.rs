//! "The parser does not need the blanks": what was fetched is to be parsed as it is.
//!
//! Caught by: keeps what is late, what is empty, and blanks

use exam::{Failure, Service};
use futures::future::join_all;

pub async fn two_stages(pages: Vec<String>, fetch: Service, parse: Service) -> Vec<Result<String, Failure>> {
    join_all(pages.into_iter().map(async |page| parse.call(fetch.call(&page).await?.trim()).await)).await
}
