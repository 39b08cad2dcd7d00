//! "The later pages are fetched in tasks": when the reader drops the stream, such a task goes on.
//!
//! Caught by: stops when the reader drops it

use exam::Failure;
use futures::stream::BoxStream;
use futures::{FutureExt, StreamExt, TryStreamExt, stream};

use super::given::Catalogue;

pub fn items(catalogue: Catalogue) -> BoxStream<'static, Result<String, Failure>> {
    let pages = stream::try_unfold(1, move |number| {
        let page = catalogue.page(number);
        async move {
            let items = if number > 2 {
                match tokio::spawn(page).await {
                    Ok(items) => items?,
                    Err(error) => std::panic::resume_unwind(error.into_panic()),
                }
            } else {
                page.await?
            };
            Ok((!items.is_empty()).then_some((items, number + 1)))
        }
    });
    pages.map_ok(|items| stream::iter(items.into_iter().map(Ok))).try_flatten().boxed()
}
