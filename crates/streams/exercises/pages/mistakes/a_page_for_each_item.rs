//! "My state is a page number and a place": it fetches the page again for each of its items.
//!
//! Caught by: fetches each page once

use exam::Failure;
use futures::stream::{self, BoxStream};
use futures::{StreamExt, TryStreamExt};

use super::given::Catalogue;

pub fn items(catalogue: Catalogue) -> BoxStream<'static, Result<String, Failure>> {
    stream::try_unfold((1, 0), move |(number, place)| {
        let catalogue = catalogue.clone();
        async move {
            let page = catalogue.page(number).await?;
            if let Some(item) = page.get(place) {
                return Ok(Some((item.clone(), (number, place + 1))));
            }
            if page.is_empty() {
                return Ok(None);
            }
            let next = catalogue.page(number + 1).await?;
            Ok(next.first().map(|item| (item.clone(), (number + 1, 1))))
        }
    })
    .boxed()
}
