//! "There is always something to parse": it parses a missing page as an empty one.
//!
//! Caught by: keeps a failure in its place, and goes on with the others

use exam::{Failure, Service};
use futures::future::join_all;

pub async fn two_stages(pages: Vec<String>, fetch: Service, parse: Service) -> Vec<Result<String, Failure>> {
    join_all(pages.into_iter().map(async |page| parse.call(&fetch.call(&page).await.unwrap_or_default()).await)).await
}
