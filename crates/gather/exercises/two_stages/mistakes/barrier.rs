//! "First I fetch everything, then I parse everything": the fastest page waits for the slowest.
//!
//! Caught by: parses a page as soon as its text is there

use exam::{Failure, Service};
use futures::future::join_all;

pub async fn two_stages(pages: Vec<String>, fetch: Service, parse: Service) -> Vec<Result<String, Failure>> {
    let texts = join_all(pages.into_iter().map(|page| fetch.call(&page))).await;
    join_all(texts.into_iter().map(async |text| parse.call(&text?).await)).await
}
