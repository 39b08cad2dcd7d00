//! "Pages always exist": `unwrap` panics on the one that does not, and all others are lost.
//!
//! Caught by: keeps a failure in its place, and goes on with the others

use exam::{Failure, Service};
use futures::future::join_all;

pub async fn two_stages(pages: Vec<String>, fetch: Service, parse: Service) -> Vec<Result<String, Failure>> {
    join_all(pages.into_iter().map(async |page| parse.call(&fetch.call(&page).await.unwrap()).await)).await
}
