//! "`buffered` keeps the index right": it holds back every page that comes before its turn.
//!
//! Caught by: shows each result as soon as it is there

use futures::stream::{self, StreamExt};

use super::given::{Page, Screen};

pub async fn progress_report(pages: Vec<Page>, mut screen: Screen) {
    let all = pages.len().max(1);
    let mut fetches = stream::iter(pages).map(|page| page.fetch()).buffered(all).enumerate();
    while let Some((index, fetched)) = fetches.next().await {
        screen.show(index, fetched).await;
    }
}
