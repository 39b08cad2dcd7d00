//! "A panic may have been bad luck": it fetches the page again, and the caller never learns of the bug.
//!
//! Caught by: passes on that a call panicked

use super::given::{Page, Screen};
use std::sync::Arc;
use tokio::task::JoinSet;

pub async fn progress_report(pages: Vec<Page>, mut screen: Screen) {
    let mut tasks = JoinSet::new();
    for (index, page) in pages.into_iter().enumerate() {
        tasks.spawn(async move {
            let page = Arc::new(page);
            loop {
                let again = Arc::clone(&page);
                let mut once = JoinSet::new();
                once.spawn(async move { again.fetch().await });
                if let Some(Ok(fetched)) = once.join_next().await {
                    return (index, fetched);
                }
            }
        });
    }
    while let Some(ended) = tasks.join_next().await {
        let (index, fetched) = ended.unwrap();
        screen.show(index, fetched).await;
    }
}
