//! One good answer.

use std::panic::resume_unwind;

use tokio::task::JoinSet;

use super::given::{Page, Screen};

/// Fetches all pages at once, and shows each result as soon as it is there, with the index of its page.
///
/// When it returns, every result is shown, and nothing that it started still runs.
pub async fn progress_report(pages: Vec<Page>, mut screen: Screen) {
    // Tasks go on while a line is written. The set aborts them when it is dropped.
    let mut tasks = JoinSet::new();
    for (index, page) in pages.into_iter().enumerate() {
        tasks.spawn(async move { (index, page.fetch().await) });
    }
    while let Some(ended) = tasks.join_next().await {
        // No code aborts a single task, so an error means a panic, which is passed on here.
        let (index, fetched) = ended.unwrap_or_else(|error| resume_unwind(error.into_panic()));
        screen.show(index, fetched).await;
    }
}
