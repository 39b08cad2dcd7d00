//! "I fetch a failed page again": the task does not ask for that, and the line comes late.
//!
//! Caught by: also shows missing pages

use tokio::task::JoinSet;

use super::given::{Page, Screen};

pub async fn progress_report(pages: Vec<Page>, mut screen: Screen) {
    let mut fetches = JoinSet::new();
    for (index, page) in pages.into_iter().enumerate() {
        fetches.spawn(async move {
            match page.fetch().await {
                Ok(text) => (index, Ok(text)),
                Err(_) => (index, page.fetch().await),
            }
        });
    }
    while let Some(ended) = fetches.join_next().await {
        let (index, fetched) = ended.unwrap();
        screen.show(index, fetched).await;
    }
}
