//! Shows each page as soon as it comes. README.md beside this file describes the task.

use super::given::{Page, Screen};

/// Fetches all pages at once, and shows each result as soon as it is there, with the index of its page.
///
/// `page.fetch()` makes a future of the page's text. `screen.show(index, fetched)` makes a future that writes a line.
/// When it returns, every result is shown, and nothing that it started still runs.
pub async fn progress_report(pages: Vec<Page>, screen: Screen) {
    todo!()
}
