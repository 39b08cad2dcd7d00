//! "I check every 50 ms what has come": it is late, and wakes up for nothing.
//!
//! Caught by: shows each result as soon as it is there

use std::time::Duration;

use tokio::task::JoinSet;
use tokio::time::sleep;

use super::given::{Page, Screen};

pub async fn progress_report(pages: Vec<Page>, mut screen: Screen) {
    let mut fetches = JoinSet::new();
    for (index, page) in pages.into_iter().enumerate() {
        fetches.spawn(async move { (index, page.fetch().await) });
    }
    while !fetches.is_empty() {
        while let Some(ended) = fetches.try_join_next() {
            let (index, fetched) = ended.unwrap();
            screen.show(index, fetched).await;
        }
        sleep(Duration::from_millis(50)).await;
    }
}
