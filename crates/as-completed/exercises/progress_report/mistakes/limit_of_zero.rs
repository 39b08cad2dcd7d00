//! "The limit is the number of pages": without pages it is 0, which starts nothing and never ends.
//!
//! Caught by: shows late and empty results, and blanks

use futures::stream::{self, StreamExt};
use tokio_util::task::AbortOnDropHandle;

use super::given::{Page, Screen};

pub async fn progress_report(pages: Vec<Page>, mut screen: Screen) {
    let all = pages.len();
    let mut fetches = stream::iter(pages.into_iter().enumerate())
        .map(|(index, page)| {
            let task = AbortOnDropHandle::new(tokio::spawn(page.fetch()));
            async move { (index, task.await.unwrap()) }
        })
        .buffer_unordered(all);
    while let Some((index, fetched)) = fetches.next().await {
        screen.show(index, fetched).await;
    }
}
