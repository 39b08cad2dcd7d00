//! "No page is missing": `unwrap` panics at a missing page.
//!
//! Caught by: also shows missing pages

use tokio::task::JoinSet;

use super::given::{Page, Screen};

pub async fn progress_report(pages: Vec<Page>, mut screen: Screen) {
    let mut fetches = JoinSet::new();
    for (index, page) in pages.into_iter().enumerate() {
        fetches.spawn(async move { (index, page.fetch().await.unwrap()) });
    }
    while let Some(ended) = fetches.join_next().await {
        let (index, text) = ended.unwrap();
        screen.show(index, Ok(text)).await;
    }
}
