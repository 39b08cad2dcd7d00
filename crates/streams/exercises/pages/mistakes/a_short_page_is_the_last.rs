//! "A page that is not full is the last one": a server may send a short page at any time.
//!
//! Caught by: ends at the empty page, and not at a short one

use async_stream::try_stream;
use exam::Failure;
use futures::StreamExt;
use futures::stream::BoxStream;

use super::given::Catalogue;

pub fn items(catalogue: Catalogue) -> BoxStream<'static, Result<String, Failure>> {
    try_stream! {
        for number in 1.. {
            let page = catalogue.page(number).await?;
            let last = page.len() < 2;
            for item in page {
                yield item;
            }
            if last {
                break;
            }
        }
    }
    .boxed()
}
