//! "Nobody has more than five hundred pages": the next one starts only when another has ended.
//!
//! Caught by: does the same with a thousand pages

use super::given::{Page, Screen};
use std::sync::Arc;
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

pub async fn progress_report(pages: Vec<Page>, mut screen: Screen) {
    let places = Arc::new(Semaphore::new(500));
    let mut tasks = JoinSet::new();
    for (index, page) in pages.into_iter().enumerate() {
        let places = Arc::clone(&places);
        tasks.spawn(async move {
            let _place = places.acquire().await.unwrap();
            (index, page.fetch().await)
        });
    }
    while let Some(ended) = tasks.join_next().await {
        let (index, fetched) = ended.unwrap();
        screen.show(index, fetched).await;
    }
}
