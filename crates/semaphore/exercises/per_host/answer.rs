//! A limit for each host, and one for all: README.md beside this file says what is wanted.

use exam::{Failure, Service};

/// Fetches all pages, at most two at once from each host and at most three in all, and returns every result in the order of the pages.
///
/// A page is its host and its address; `fetch.call(&address)` makes a future of what the page says.
pub async fn per_host(pages: Vec<(String, String)>, fetch: Service) -> Vec<Result<String, Failure>> {
    todo!()
}
