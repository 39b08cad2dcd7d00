//! "After ten missing pages the document is broken": the other pages are not shown.
//!
//! Caught by: does the same with a thousand pages

use super::given::{Page, Screen};
use tokio::task::JoinSet;

pub async fn progress_report(pages: Vec<Page>, mut screen: Screen) {
    let mut tasks = JoinSet::new();
    for (index, page) in pages.into_iter().enumerate() {
        tasks.spawn(async move { (index, page.fetch().await) });
    }
    let mut missing = 0;
    while let Some(ended) = tasks.join_next().await {
        let (index, fetched) = ended.unwrap();
        missing += usize::from(fetched.is_err());
        screen.show(index, fetched).await;
        if missing == 10 {
            return;
        }
    }
}
