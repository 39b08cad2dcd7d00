//! "Who has read two pages wants more": it fetches the next page before the reader asks.
//!
//! Caught by: fetches no page before the reader asks for its first item

use exam::Failure;
use futures::stream::BoxStream;
use futures::{FutureExt, StreamExt, TryStreamExt, stream};
use tokio_util::task::AbortOnDropHandle;

use super::given::Catalogue;

type Page = Result<Vec<String>, Failure>;

pub fn items(catalogue: Catalogue) -> BoxStream<'static, Result<String, Failure>> {
    let none: Option<AbortOnDropHandle<Page>> = None;
    let pages = stream::try_unfold((1, none), move |(number, ahead)| {
        let catalogue = catalogue.clone();
        async move {
            let items = match ahead {
                Some(ahead) => match ahead.await {
                    Ok(page) => page?,
                    Err(error) => std::panic::resume_unwind(error.into_panic()),
                },
                None => catalogue.page(number).await?,
            };
            let next = (number >= 2 && !items.is_empty())
                .then(|| AbortOnDropHandle::new(tokio::spawn(catalogue.page(number + 1))));
            Ok((!items.is_empty()).then_some((items, (number + 1, next))))
        }
    });
    pages.map_ok(|items| stream::iter(items.into_iter().map(Ok))).try_flatten().boxed()
}
