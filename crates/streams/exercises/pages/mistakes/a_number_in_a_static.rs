//! "There is one number of the next page": a second stream uses the same number.
//!
//! Caught by: keeps two streams apart

use std::sync::atomic::AtomicU32;
use std::sync::atomic::Ordering::SeqCst;

use exam::Failure;
use futures::stream::BoxStream;
use futures::{FutureExt, StreamExt, TryStreamExt, stream};

use super::given::Catalogue;

static NUMBER: AtomicU32 = AtomicU32::new(1);

pub fn items(catalogue: Catalogue) -> BoxStream<'static, Result<String, Failure>> {
    NUMBER.store(1, SeqCst);
    let pages = stream::try_unfold((), move |()| {
        let page = catalogue.page(NUMBER.fetch_add(1, SeqCst));
        async move {
            let items = page.await?;
            Ok((!items.is_empty()).then_some((items, ())))
        }
    });
    pages.map_ok(|items| stream::iter(items.into_iter().map(Ok))).try_flatten().boxed()
}
