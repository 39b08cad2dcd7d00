//! "`buffered` is `buffer_unordered` in order": a result that is done keeps its place until those before it are done.
//!
//! Caught by: fetches the next page as soon as one is there

use exam::{Failure, Service};
use futures::stream::{self, StreamExt};

pub async fn at_most_three(pages: Vec<String>, fetch: Service) -> Vec<Result<String, Failure>> {
    stream::iter(pages.iter().map(|page| fetch.call(page))).buffered(3).collect().await
}
