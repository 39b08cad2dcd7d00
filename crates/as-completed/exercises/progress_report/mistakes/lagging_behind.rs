//! "A `broadcast` channel keeps unread values": it keeps the latest 64, and a slow receiver loses the others.
//!
//! Caught by: does the same with a thousand pages

use tokio::sync::broadcast::{self, error::RecvError};
use tokio::task::JoinSet;

use super::given::{Page, Screen};

pub async fn progress_report(pages: Vec<Page>, mut screen: Screen) {
    let (send, mut results) = broadcast::channel(64);
    let mut tasks = JoinSet::new();
    for (index, page) in pages.into_iter().enumerate() {
        let send = send.clone();
        tasks.spawn(async move { send.send((index, page.fetch().await)) });
    }
    drop(send);
    loop {
        match results.recv().await {
            Ok((index, fetched)) => screen.show(index, fetched).await,
            Err(RecvError::Lagged(_)) => {}
            Err(RecvError::Closed) => break,
        }
    }
}
