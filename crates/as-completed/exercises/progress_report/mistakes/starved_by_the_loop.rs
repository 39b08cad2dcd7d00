//! "`FuturesUnordered` fetches in the background": while the loop writes a line, nothing polls the pages.
//!
//! Caught by: goes on fetching while a line is written

use futures::StreamExt;
use futures::stream::FuturesUnordered;

use super::given::{Page, Screen};

pub async fn progress_report(pages: Vec<Page>, mut screen: Screen) {
    let mut fetches: FuturesUnordered<_> =
        pages.iter().enumerate().map(async |(index, page)| (index, page.fetch().await)).collect();
    while let Some((index, fetched)) = fetches.next().await {
        screen.show(index, fetched).await;
    }
}
