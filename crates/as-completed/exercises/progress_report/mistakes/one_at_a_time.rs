//! "I await each page and show it immediately": it does not start the next page before that.
//!
//! Caught by: fetches all pages at once

use super::given::{Page, Screen};

pub async fn progress_report(pages: Vec<Page>, mut screen: Screen) {
    for (index, page) in pages.iter().enumerate() {
        screen.show(index, page.fetch().await).await;
    }
}
