//! "The channel lets the writer be slow": when it is full, the loop over the pages waits for room, and nothing polls them.
//!
//! Caught by: goes on fetching while a line is written

use futures::StreamExt;
use futures::stream::FuturesUnordered;
use tokio::join;
use tokio::sync::mpsc;

use super::given::{Page, Screen};

pub async fn progress_report(pages: Vec<Page>, mut screen: Screen) {
    let (send, mut results) = mpsc::channel(1);
    let fetch = async move {
        let fetches = pages.iter().enumerate().map(async |(index, page)| (index, page.fetch().await));
        let mut fetches: FuturesUnordered<_> = fetches.collect();
        while let Some(result) = fetches.next().await {
            let _ = send.send(result).await;
        }
    };
    let show = async {
        while let Some((index, fetched)) = results.recv().await {
            screen.show(index, fetched).await;
        }
    };
    join!(fetch, show);
}
