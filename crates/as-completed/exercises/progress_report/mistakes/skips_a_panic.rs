//! "I read a `Result` with `if let Ok(..)`": a page is missing if its task panicked, and the caller never learns of it.
//!
//! Caught by: passes on that a call panicked

use tokio::task::JoinSet;

use super::given::{Page, Screen};

pub async fn progress_report(pages: Vec<Page>, mut screen: Screen) {
    let mut fetches = JoinSet::new();
    for (index, page) in pages.into_iter().enumerate() {
        fetches.spawn(async move { (index, page.fetch().await) });
    }
    while let Some(ended) = fetches.join_next().await {
        if let Ok((index, fetched)) = ended {
            screen.show(index, fetched).await;
        }
    }
}
