//! "`buffer_unordered` needs a number, and ten is enough": page eleven waits for its turn.
//!
//! Caught by: does the same with a thousand pages

use futures::stream::{self, StreamExt};
use tokio_util::task::AbortOnDropHandle;

use super::given::{Page, Screen};

pub async fn progress_report(pages: Vec<Page>, mut screen: Screen) {
    let mut fetches = stream::iter(pages.iter().enumerate())
        .map(|(index, page)| {
            let task = AbortOnDropHandle::new(tokio::spawn(page.fetch()));
            async move { (index, task.await) }
        })
        .buffer_unordered(10);
    while let Some((index, ended)) = fetches.next().await {
        screen.show(index, ended.unwrap()).await;
    }
}
