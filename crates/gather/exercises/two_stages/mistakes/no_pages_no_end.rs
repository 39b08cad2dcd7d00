//! "There is always a page."
//!
//! Caught by: keeps what is late, what is empty, and blanks

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
