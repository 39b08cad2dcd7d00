//! "A page that takes longer than a minute does not come": this one comes after ten, and nobody shows it.
//!
//! Caught by: waits for a page that takes ten minutes

use std::time::Duration;

use tokio::task::JoinSet;
use tokio::time::timeout;

use super::{Page, Screen};

pub async fn progress_report(pages: Vec<Page>, mut screen: Screen) {
    let mut tasks = JoinSet::new();
    for (index, page) in pages.into_iter().enumerate() {
        tasks.spawn(async move { (index, timeout(Duration::from_secs(60), page.fetch()).await) });
    }
    while let Some(ended) = tasks.join_next().await {
        if let (index, Ok(fetched)) = ended.unwrap() {
            screen.show(index, fetched).await;
        }
    }
}
