//! "`while let Ok(page)` reads as long as there is no error": an error looks like the end of the list.
//!
//! Caught by: yields a failure as its last item

use async_stream::try_stream;
use exam::Failure;
use futures::StreamExt;
use futures::stream::BoxStream;

use super::given::Catalogue;

pub fn items(catalogue: Catalogue) -> BoxStream<'static, Result<String, Failure>> {
    try_stream! {
        let mut number = 1;
        while let Ok(page) = catalogue.page(number).await {
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
