//! "One page fails, and the others are good": the items after the gap look like the next ones.
//!
//! Caught by: yields a failure as its last item

use exam::Failure;
use futures::stream::{self, BoxStream};
use futures::{StreamExt, TryStreamExt};

use super::given::Catalogue;

pub fn items(catalogue: Catalogue) -> BoxStream<'static, Result<String, Failure>> {
    let pages = stream::unfold(1, move |number| {
        let page = catalogue.page(number);
        async move {
            match page.await {
                Ok(items) if items.is_empty() => None,
                page => Some((page, number + 1)),
            }
        }
    });
    pages.fuse().map_ok(|items| stream::iter(items.into_iter().map(Ok))).try_flatten().boxed()
}
