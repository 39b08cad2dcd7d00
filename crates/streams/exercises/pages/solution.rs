//! One good answer.

use exam::Failure;
use futures::stream::{self, BoxStream};
use futures::{StreamExt, TryStreamExt};

use super::given::Catalogue;

/// The items of all pages of `catalogue`, in order, up to the first empty page. An error is the last item.
pub fn items(catalogue: Catalogue) -> BoxStream<'static, Result<String, Failure>> {
    let pages = stream::try_unfold(1, move |number| {
        let page = catalogue.page(number);
        async move {
            let items = page.await?;
            Ok((!items.is_empty()).then_some((items, number + 1)))
        }
    });
    // This fetches the next page when the reader has taken the items of this one.
    pages.map_ok(|items| stream::iter(items.into_iter().map(Ok))).try_flatten().boxed()
}
