//! "Five hundred at once are enough": the next page waits for its turn.
//!
//! Caught by: takes a thousand pages at once

use exam::{Failure, Service};
use futures::stream::{self, StreamExt};

pub async fn two_stages(pages: Vec<String>, fetch: Service, parse: Service) -> Vec<Result<String, Failure>> {
    let (fetch, parse) = (&fetch, &parse);
    stream::iter(pages)
        .map(|page| async move { parse.call(&fetch.call(&page).await?).await })
        .buffered(500)
        .collect()
        .await
}
