//! "The loop selects the next one": it drops the others and fetches them again, every time.
//!
//! Caught by: fetches all pages at once

use futures::FutureExt;
use futures::future::select_all;

use super::given::{Page, Screen};

pub async fn progress_report(pages: Vec<Page>, mut screen: Screen) {
    let mut left: Vec<_> = pages.iter().enumerate().collect();
    while !left.is_empty() {
        let fetches = left.iter().map(|(_, page)| page.fetch().boxed());
        let (fetched, place, _) = select_all(fetches).await;
        let (index, _) = left.remove(place);
        screen.show(index, fetched).await;
    }
}
