//! "`buffered` is how one runs a stream of futures": with a limit of ten, which three pages do not reach.
//!
//! Caught by: takes a thousand pages at once as well

use exam::{Failure, Service};
use futures::stream::{self, StreamExt};

pub async fn two_stages(pages: Vec<String>, fetch: Service, parse: Service) -> Vec<Result<String, Failure>> {
    let ways = stream::iter(pages).map(async |page| parse.call(&fetch.call(&page).await?).await);
    ways.buffered(10).collect().await
}
