//! "A task that ends with an error has no page": the list looks complete.
//!
//! Caught by: passes on that a call panicked

use async_stream::try_stream;
use exam::Failure;
use futures::StreamExt;
use futures::stream::BoxStream;
use tokio_util::task::AbortOnDropHandle;

use super::given::Catalogue;

pub fn items(catalogue: Catalogue) -> BoxStream<'static, Result<String, Failure>> {
    try_stream! {
        let mut number = 1;
        while let Ok(page) = AbortOnDropHandle::new(tokio::spawn(catalogue.page(number))).await {
            let page = page?;
            if page.is_empty() {
                break;
            }
            for item in page {
                yield item;
            }
            number += 1;
        }
    }
    .boxed()
}
