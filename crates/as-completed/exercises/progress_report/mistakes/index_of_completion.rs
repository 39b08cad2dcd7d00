//! "`enumerate` numbers the pages": after `FuturesUnordered`, it numbers them in the order of completion.
//!
//! Caught by: shows each result with the index of its page

use futures::StreamExt;
use futures::stream::FuturesUnordered;

use super::given::{Page, Screen};

pub async fn progress_report(pages: Vec<Page>, mut screen: Screen) {
    let mut fetches = pages.iter().map(Page::fetch).collect::<FuturesUnordered<_>>().enumerate();
    while let Some((index, fetched)) = fetches.next().await {
        screen.show(index, fetched).await;
    }
}
