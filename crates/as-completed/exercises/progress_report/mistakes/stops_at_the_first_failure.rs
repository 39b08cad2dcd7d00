//! "`while let Some((index, Ok(text)))` reads the results": it ends at the first missing page.
//!
//! Caught by: also shows missing pages

use futures::StreamExt;
use futures::stream::FuturesUnordered;

use super::given::{Page, Screen};

pub async fn progress_report(pages: Vec<Page>, mut screen: Screen) {
    let mut fetches: FuturesUnordered<_> =
        pages.iter().enumerate().map(async |(index, page)| (index, page.fetch().await)).collect();
    while let Some((index, Ok(text))) = fetches.next().await {
        screen.show(index, Ok(text)).await;
    }
}
