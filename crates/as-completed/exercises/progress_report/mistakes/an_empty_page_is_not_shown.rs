//! "An empty page needs no line": it is a result.
//!
//! Caught by: shows late and empty results, and blanks

use super::given::{Page, Screen};
use tokio::task::JoinSet;

pub async fn progress_report(pages: Vec<Page>, mut screen: Screen) {
    let mut tasks = JoinSet::new();
    for (index, page) in pages.into_iter().enumerate() {
        tasks.spawn(async move { (index, page.fetch().await) });
    }
    while let Some(ended) = tasks.join_next().await {
        let (index, fetched) = ended.unwrap();
        if fetched.as_ref().is_ok_and(|text| text.is_empty()) {
            continue;
        }
        screen.show(index, fetched).await;
    }
}
