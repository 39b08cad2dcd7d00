//! "In an empty text there is nothing to parse": the parser is not called.
//!
//! Caught by: takes a thousand pages at once

use exam::{Failure, Service};
use futures::future::join_all;

pub async fn two_stages(pages: Vec<String>, fetch: Service, parse: Service) -> Vec<Result<String, Failure>> {
    join_all(pages.into_iter().map(async |page| {
        let text = fetch.call(&page).await?;
        if text.is_empty() { Ok(text) } else { parse.call(&text).await }
    }))
    .await
}
