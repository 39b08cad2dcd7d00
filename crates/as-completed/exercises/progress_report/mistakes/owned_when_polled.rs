//! "`AbortOnDropHandle` owns the task": a block makes it at its first poll, and holds a plain handle until then.
//!
//! Caught by: stops everything when its caller gives up

use std::panic::resume_unwind;

use tokio::task::JoinSet;
use tokio_util::task::AbortOnDropHandle;

use super::given::{Page, Screen};

pub async fn progress_report(pages: Vec<Page>, mut screen: Screen) {
    let mut tasks = JoinSet::new();
    for (index, page) in pages.into_iter().enumerate() {
        let h = tokio::spawn(async move { page.fetch().await });
        tasks.spawn(async move { (index, AbortOnDropHandle::new(h).await.unwrap()) });
    }
    while let Some(ended) = tasks.join_next().await {
        let (index, fetched) = ended.unwrap_or_else(|e| resume_unwind(e.into_panic()));
        screen.show(index, fetched).await;
    }
}
