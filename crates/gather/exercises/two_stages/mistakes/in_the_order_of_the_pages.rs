//! "`buffered` fetches ahead, so the pages flow": they come in the order of the list, after the slowest.
//!
//! Caught by: parses a page as soon as its text is there

use exam::{Failure, Service};
use futures::stream::{self, StreamExt};

pub async fn two_stages(pages: Vec<String>, fetch: Service, parse: Service) -> Vec<Result<String, Failure>> {
    let texts = stream::iter(pages).map(|page| fetch.call(&page)).buffered(100);
    texts.map(async |text| parse.call(&text?).await).buffered(100).collect().await
}
