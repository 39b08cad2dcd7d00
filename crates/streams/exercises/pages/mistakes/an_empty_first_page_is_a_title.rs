//! "The first page may be a title page": the list ends at the first page that is empty, even if it is the first.
//!
//! Caught by: fetches each page once

use exam::Failure;
use futures::stream::BoxStream;
use futures::{FutureExt, StreamExt, TryStreamExt, stream};

use super::given::Catalogue;

pub fn items(catalogue: Catalogue) -> BoxStream<'static, Result<String, Failure>> {
    let pages = stream::try_unfold(1, move |number| {
        let page = catalogue.page(number);
        async move {
            let items = page.await?;
            Ok((number == 1 || !items.is_empty()).then_some((items, number + 1)))
        }
    });
    pages.map_ok(|items| stream::iter(items.into_iter().map(Ok))).try_flatten().boxed()
}
