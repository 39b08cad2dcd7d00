//! "`buffer_unordered` keeps the order": it returns what is ready first.
//!
//! Caught by: returns the results in the order of the pages

use exam::{Failure, Service};
use futures::stream::{self, StreamExt};

pub async fn at_most_three(pages: Vec<String>, fetch: Service) -> Vec<Result<String, Failure>> {
    stream::iter(pages.iter().map(|page| fetch.call(page))).buffer_unordered(3).collect().await
}
