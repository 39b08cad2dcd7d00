//! "A check every millisecond, with a yield, is never late": it wakes up a thousand times a second.
//!
//! Caught by: sleeps while nothing comes

use std::time::Duration;

use tokio::task::{JoinSet, yield_now};
use tokio::time::sleep;

use super::given::{Page, Screen};

pub async fn progress_report(pages: Vec<Page>, mut screen: Screen) {
    let mut fetches = JoinSet::new();
    for (index, page) in pages.into_iter().enumerate() {
        fetches.spawn(async move { (index, page.fetch().await) });
    }
    while !fetches.is_empty() {
        if let Some(ended) = fetches.try_join_next() {
            let (index, fetched) = ended.unwrap();
            screen.show(index, fetched).await;
        } else {
            sleep(Duration::from_millis(1)).await;
            yield_now().await;
        }
    }
}
