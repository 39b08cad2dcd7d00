//! "`select_all` returns the index": it is the index among the remaining pages.
//!
//! Caught by: shows each result with the index of its page

use futures::FutureExt;
use futures::future::select_all;

use super::given::{Page, Screen};

pub async fn progress_report(pages: Vec<Page>, mut screen: Screen) {
    let mut rest: Vec<_> = pages.iter().map(|page| page.fetch().boxed()).collect();
    while !rest.is_empty() {
        let (fetched, index, left) = select_all(rest).await;
        screen.show(index, fetched).await;
        rest = left;
    }
}
