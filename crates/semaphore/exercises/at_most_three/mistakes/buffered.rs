//! "`buffered` is `buffer_unordered` in order": a finished result keeps its place until all earlier ones have ended.
//!
//! Caught by: fetches the next page as soon as another one has ended

use exam::{Failure, Service};
use futures::stream::{self, StreamExt};

pub async fn at_most_three(pages: Vec<String>, fetch: Service) -> Vec<Result<String, Failure>> {
    stream::iter(pages.iter().map(|page| fetch.call(page))).buffered(3).collect().await
}
