//! "`buffered` runs a stream of futures": it has a limit of ten, and three pages do not reach it.
//!
//! Caught by: takes a thousand pages at once

use exam::{Failure, Service};
use futures::stream::{self, StreamExt};

pub async fn two_stages(pages: Vec<String>, fetch: Service, parse: Service) -> Vec<Result<String, Failure>> {
    let ways = stream::iter(pages).map(async |page| parse.call(&fetch.call(&page).await?).await);
    ways.buffered(10).collect().await
}
