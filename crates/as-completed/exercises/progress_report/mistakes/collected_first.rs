//! "`FuturesUnordered` returns the order of completion": the order is right, but all lines come at the end.
//!
//! Caught by: shows each result as soon as it is there

use futures::StreamExt;
use futures::stream::FuturesUnordered;

use super::given::{Page, Screen};

pub async fn progress_report(pages: Vec<Page>, mut screen: Screen) {
    let fetches: FuturesUnordered<_> =
        pages.iter().enumerate().map(async |(index, page)| (index, page.fetch().await)).collect();
    for (index, fetched) in fetches.collect::<Vec<_>>().await {
        screen.show(index, fetched).await;
    }
}
