//! "There is always a page": a list may be empty.
//!
//! Caught by: keeps late and empty results, and blanks

use exam::{Failure, Service};
use futures::stream::{self, StreamExt};

pub async fn two_stages(pages: Vec<String>, fetch: Service, parse: Service) -> Vec<Result<String, Failure>> {
    let (fetch, parse) = (&fetch, &parse);
    let count = pages.len();
    stream::iter(pages)
        .map(|page| async move { parse.call(&fetch.call(&page).await?).await })
        .buffered(count)
        .collect()
        .await
}
