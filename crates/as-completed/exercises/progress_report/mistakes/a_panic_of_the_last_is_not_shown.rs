//! "When all others are shown, nothing is missing": it hides a panic of the last page.
//!
//! Caught by: passes on that a call panicked

use std::panic::resume_unwind;

use tokio::task::JoinSet;

use super::given::{Page, Screen};

pub async fn progress_report(pages: Vec<Page>, mut screen: Screen) {
    let mut tasks = JoinSet::new();
    for (index, page) in pages.into_iter().enumerate() {
        tasks.spawn(async move { (index, page.fetch().await) });
    }
    while let Some(ended) = tasks.join_next().await {
        match ended {
            Ok((index, fetched)) => screen.show(index, fetched).await,
            Err(_) if tasks.is_empty() => {}
            Err(e) => resume_unwind(e.into_panic()),
        }
    }
}
