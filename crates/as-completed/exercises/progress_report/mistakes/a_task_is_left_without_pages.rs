//! "Without pages there is nothing to stop": a task keeps running.
//!
//! Caught by: shows late and empty results, and blanks

use std::panic::resume_unwind;

use tokio::sync::mpsc;
use tokio::task::JoinSet;
use tokio_util::task::AbortOnDropHandle;

use super::given::{Page, Screen};

pub async fn progress_report(pages: Vec<Page>, mut screen: Screen) {
    let (sender, mut receiver) = mpsc::channel(1);
    let none = pages.is_empty();
    let keeper = tokio::spawn(async move {
        let _sender = sender;
        std::future::pending::<()>().await
    });
    let mut tasks = JoinSet::new();
    for (index, page) in pages.into_iter().enumerate() {
        tasks.spawn(async move { (index, page.fetch().await) });
    }
    let owner = AbortOnDropHandle::new(keeper);
    while let Some(ended) = tasks.join_next().await {
        let (index, fetched) = ended.unwrap_or_else(|e| resume_unwind(e.into_panic()));
        screen.show(index, fetched).await;
    }
    let _: Option<()> = receiver.try_recv().ok();
    if none {
        drop(owner.detach());
    }
}
