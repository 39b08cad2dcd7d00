//! "A page that cannot be parsed is of no use": all later pages move up.
//!
//! Caught by: keeps a failure in its place, and goes on with the others

use exam::{Failure, Service};
use futures::future::join_all;

pub async fn two_stages(pages: Vec<String>, fetch: Service, parse: Service) -> Vec<Result<String, Failure>> {
    let results = join_all(pages.into_iter().map(async |page| {
        let text = match fetch.call(&page).await {
            Ok(text) => text,
            Err(failure) => return Some(Err(failure)),
        };
        parse.call(&text).await.ok().map(Ok)
    }));
    results.await.into_iter().flatten().collect()
}
