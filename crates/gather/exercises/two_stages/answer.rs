//! Two stages without a barrier between them. README.md beside this file describes the task.

use exam::{Failure, Service};

/// Fetches and parses every page, all pages at the same time. Returns the result of each, in the order of the pages.
///
/// `fetch.call(&page)` makes a future of the page's text, and `parse.call(&text)` makes a future of the parsed text.
pub async fn two_stages(pages: Vec<String>, fetch: Service, parse: Service) -> Vec<Result<String, Failure>> {
    todo!()
}
