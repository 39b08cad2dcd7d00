//! "Without a sender the writer ends": it first writes its current line, and those that wait.
//!
//! Caught by: stops everything when its caller gives up

use futures::future::join_all;
use tokio::sync::mpsc;

use super::given::{Page, Screen};

pub async fn progress_report(pages: Vec<Page>, mut screen: Screen) {
    let (send, mut results) = mpsc::channel(8);
    let writer = tokio::spawn(async move {
        while let Some((index, fetched)) = results.recv().await {
            screen.show(index, fetched).await;
        }
    });
    join_all(pages.iter().enumerate().map(async |(index, page)| send.send((index, page.fetch().await)).await)).await;
    drop(send);
    writer.await.unwrap();
}
