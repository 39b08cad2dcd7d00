//! A limit for each host, and one for all. README.md beside this file describes the task.

use exam::{Failure, Service};

/// Fetches all pages: at most two at once from each host, and at most three at once in all. Returns every result in the order of the pages.
///
/// A page is a pair of its host and its address. `fetch.call(&address)` makes a future of the page's text.
pub async fn per_host(pages: Vec<(String, String)>, fetch: Service) -> Vec<Result<String, Failure>> {
    todo!()
}
