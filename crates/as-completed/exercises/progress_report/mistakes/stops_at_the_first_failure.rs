//! "`while let Some((index, Ok(text)))` reads the results": and it ends at the first page that is missing.
//!
//! Caught by: shows missing pages, too

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
