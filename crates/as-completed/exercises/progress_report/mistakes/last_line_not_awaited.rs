//! "When all pages are fetched, all is done": the task that writes still has to write the last line.
//!
//! Caught by: shows each result with the index of its page

use futures::future::join_all;
use tokio::sync::mpsc;

use super::given::{Page, Screen};

pub async fn progress_report(pages: Vec<Page>, mut screen: Screen) {
    let (send, mut results) = mpsc::unbounded_channel();
    tokio::spawn(async move {
        while let Some((index, fetched)) = results.recv().await {
            screen.show(index, fetched).await;
        }
    });
    let fetches = pages.iter().enumerate().map(async |(index, page)| send.send((index, page.fetch().await)));
    join_all(fetches).await;
}
