//! "Half an hour is enough for a page": a later page is not shown.
//!
//! Caught by: shows late and empty results, and blanks

use super::given::{Page, Screen};
use std::time::Duration;
use tokio::task::JoinSet;
use tokio::time::timeout;

pub async fn progress_report(pages: Vec<Page>, mut screen: Screen) {
    let mut tasks = JoinSet::new();
    for (index, page) in pages.into_iter().enumerate() {
        tasks.spawn(async move { (index, page.fetch().await) });
    }
    while let Ok(Some(ended)) = timeout(Duration::from_mins(30), tasks.join_next()).await {
        let (index, fetched) = ended.unwrap();
        screen.show(index, fetched).await;
    }
}
