//! "Without a receiver the tasks stop": they notice when they send, and then the fetch has already ended.
//!
//! Caught by: stops everything when its caller gives up

use tokio::sync::mpsc;

use super::given::{Page, Screen};

pub async fn progress_report(pages: Vec<Page>, mut screen: Screen) {
    let (send, mut results) = mpsc::channel(8);
    for (index, page) in pages.into_iter().enumerate() {
        let send = send.clone();
        tokio::spawn(async move {
            let fetched = page.fetch().await;
            let _ = send.send((index, fetched)).await;
        });
    }
    drop(send);
    while let Some((index, fetched)) = results.recv().await {
        screen.show(index, fetched).await;
    }
}
