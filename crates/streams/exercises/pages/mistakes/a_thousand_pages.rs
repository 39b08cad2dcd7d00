//! "A list has at most a thousand pages": the task does not ask for a limit.
//!
//! Caught by: reads a long list

use async_stream::try_stream;
use exam::Failure;
use futures::StreamExt;
use futures::stream::BoxStream;

use super::given::Catalogue;

pub fn items(catalogue: Catalogue) -> BoxStream<'static, Result<String, Failure>> {
    try_stream! {
        for number in 1..=1_000 {
            let page = catalogue.page(number).await?;
            if page.is_empty() {
                break;
            }
            for item in page {
                yield item;
            }
        }
    }
    .boxed()
}
