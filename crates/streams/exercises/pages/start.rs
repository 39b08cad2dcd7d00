//! Items out of pages, as they are asked for: README.md beside this file says what is wanted.

use exam::Failure;
use futures::stream::BoxStream;

use super::given::Catalogue;

/// The items of all pages of `catalogue`, in order, up to the first empty page; an error is the last item.
///
/// `catalogue.page(1)` makes a future of the first page.
pub fn items(catalogue: Catalogue) -> BoxStream<'static, Result<String, Failure>> {
    todo!()
}
