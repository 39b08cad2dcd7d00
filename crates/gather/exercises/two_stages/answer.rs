//! Two stages, and no barrier between them: README.md beside this file says what is wanted.

use exam::{Failure, Service};

/// Fetches every page and parses it, all pages at once, and returns what came of each, in the order of the pages.
///
/// `fetch.call(&page)` makes a future of the page's text, `parse.call(&text)` one of what stands in it.
pub async fn two_stages(pages: Vec<String>, fetch: Service, parse: Service) -> Vec<Result<String, Failure>> {
    todo!()
}
