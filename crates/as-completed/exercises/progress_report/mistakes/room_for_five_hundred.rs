//! "Room for five hundred results is enough": later results are lost.
//!
//! Caught by: does the same with a thousand pages

use super::given::{Page, Screen};
use tokio::sync::mpsc::channel;
use tokio::task::JoinSet;

pub async fn progress_report(pages: Vec<Page>, mut screen: Screen) {
    let (send, mut results) = channel(500);
    let mut tasks = JoinSet::new();
    for (index, page) in pages.into_iter().enumerate() {
        let send = send.clone();
        tasks.spawn(async move {
            let fetched = page.fetch().await;
            let _ = send.try_send((index, fetched));
        });
    }
    drop(send);
    while let Some((index, fetched)) = results.recv().await {
        screen.show(index, fetched).await;
    }
    while let Some(ended) = tasks.join_next().await {
        ended.unwrap();
    }
}
