//! "Fifty at once, so that the server lives": all were to be fetched at once, and page fifty-one waits.
//!
//! Caught by: does the same with three hundred pages

use std::sync::Arc;

use tokio::sync::Semaphore;
use tokio::task::JoinSet;

use super::{Page, Screen};

pub async fn progress_report(pages: Vec<Page>, mut screen: Screen) {
    let permits = Arc::new(Semaphore::new(50));
    let mut tasks = JoinSet::new();
    for (index, page) in pages.into_iter().enumerate() {
        let permits = Arc::clone(&permits);
        tasks.spawn(async move {
            let _permit = permits.acquire().await.unwrap();
            (index, page.fetch().await)
        });
    }
    while let Some(ended) = tasks.join_next().await {
        let (index, fetched) = ended.unwrap();
        screen.show(index, fetched).await;
    }
}
