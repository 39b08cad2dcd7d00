//! "I fetch each page in a task": the task goes on after the reader has dropped the stream.
//!
//! Caught by: stops when the reader drops it

use async_stream::try_stream;
use exam::Failure;
use futures::StreamExt;
use futures::stream::BoxStream;

use super::given::Catalogue;

pub fn items(catalogue: Catalogue) -> BoxStream<'static, Result<String, Failure>> {
    try_stream! {
        for number in 1.. {
            let page = match tokio::spawn(catalogue.page(number)).await {
                Ok(page) => page?,
                Err(error) => std::panic::resume_unwind(error.into_panic()),
            };
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
