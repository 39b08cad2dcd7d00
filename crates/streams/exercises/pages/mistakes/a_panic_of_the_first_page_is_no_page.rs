//! "A first page that cannot be fetched is an empty list": the reader does not learn of the panic.
//!
//! Caught by: passes on that a call panicked

use exam::Failure;
use futures::stream::BoxStream;
use futures::{FutureExt, StreamExt, TryStreamExt, stream};
use tokio_util::task::AbortOnDropHandle;

use super::given::Catalogue;

pub fn items(catalogue: Catalogue) -> BoxStream<'static, Result<String, Failure>> {
    let pages = stream::try_unfold(1, move |number| {
        let page = catalogue.page(number);
        async move {
            let items = if number == 1 {
                match AbortOnDropHandle::new(tokio::spawn(page)).await {
                    Ok(items) => items?,
                    Err(_) => Vec::new(),
                }
            } else {
                page.await?
            };
            Ok((!items.is_empty()).then_some((items, number + 1)))
        }
    });
    pages.map_ok(|items| stream::iter(items.into_iter().map(Ok))).try_flatten().boxed()
}
