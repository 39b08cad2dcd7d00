//! "`select!` does both": when the next page comes first, it drops the line that is being written.
//!
//! Caught by: loses no result while a line is written

use futures::StreamExt;
use futures::stream::FuturesUnordered;
use tokio::select;

use super::given::{Page, Screen};

pub async fn progress_report(pages: Vec<Page>, mut screen: Screen) {
    let mut fetches: FuturesUnordered<_> =
        pages.iter().enumerate().map(async |(index, page)| (index, page.fetch().await)).collect();
    let mut next = fetches.next().await;
    while let Some((index, fetched)) = next {
        next = select! {
            biased;
            () = screen.show(index, fetched) => fetches.next().await,
            Some(next) = fetches.next() => Some(next),
        };
    }
}
