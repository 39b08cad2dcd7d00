//! "I must know whether there is a next page": it fetches the next page before the reader asks.
//!
//! Caught by: fetches no page before the reader asks for its first item

use async_stream::try_stream;
use exam::Failure;
use futures::StreamExt;
use futures::stream::BoxStream;

use super::given::Catalogue;

pub fn items(catalogue: Catalogue) -> BoxStream<'static, Result<String, Failure>> {
    try_stream! {
        let mut number = 1;
        let mut page = catalogue.page(number).await?;
        while !page.is_empty() {
            number += 1;
            let next = catalogue.page(number).await;
            for item in page {
                yield item;
            }
            page = next?;
        }
    }
    .boxed()
}
