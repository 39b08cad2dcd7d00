//! "`then` goes on with each page as it comes": it takes one at a time, unlike `buffer_unordered`.
//!
//! Caught by: parses several pages at once

use exam::{Failure, Service};
use futures::stream::{self, StreamExt};

pub async fn two_stages(pages: Vec<String>, fetch: Service, parse: Service) -> Vec<Result<String, Failure>> {
    let texts = stream::iter(pages).map(|page| fetch.call(&page)).buffer_unordered(100);
    texts.then(async |text| parse.call(&text?).await).collect().await
}
