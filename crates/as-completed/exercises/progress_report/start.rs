//! Each page on the screen when it is there: README.md beside this file says what is wanted.

use super::given::{Page, Screen};

/// Fetches all pages at once, and shows each result as soon as it is there, with the index of its page.
///
/// `page.fetch()` makes a future of what the page says; `screen.show(index, fetched)` one that writes a line.
/// When it returns, every result is shown, and nothing of it runs on.
pub async fn progress_report(pages: Vec<Page>, screen: Screen) {
    todo!()
}
