//! "`then` goes on with each page as it comes": one at a time, for `then` is no `buffer_unordered`.
//!
//! Caught by: parses several pages at once

use exam::{Failure, Service};
use futures::stream::{self, StreamExt};

pub async fn two_stages(pages: Vec<String>, fetch: Service, parse: Service) -> Vec<Result<String, Failure>> {
    let texts = stream::iter(pages).map(|page| fetch.call(&page)).buffer_unordered(100);
    texts.then(async |text| parse.call(&text?).await).collect().await
}
