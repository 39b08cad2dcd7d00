//! "I fetch the whole list, and then stream it": a reader who wants two items waits for all pages.
//!
//! Caught by: fetches no page before the reader asks for its first item

use async_stream::try_stream;
use exam::Failure;
use futures::StreamExt;
use futures::stream::BoxStream;

use super::given::Catalogue;

pub fn items(catalogue: Catalogue) -> BoxStream<'static, Result<String, Failure>> {
    try_stream! {
        let (mut all, mut failure) = (Vec::new(), None);
        for number in 1.. {
            match catalogue.page(number).await {
                Ok(page) if page.is_empty() => break,
                Ok(page) => all.extend(page),
                Err(error) => {
                    failure = Some(error);
                    break;
                }
            }
        }
        for item in all {
            yield item;
        }
        if let Some(failure) = failure {
            Err(failure)?;
        }
    }
    .boxed()
}
