//! "A missing page needs no line": the reader wants to see that it is missing.
//!
//! Caught by: also shows missing pages

use tokio::task::JoinSet;

use super::given::{Page, Screen};

pub async fn progress_report(pages: Vec<Page>, mut screen: Screen) {
    let mut fetches = JoinSet::new();
    for (index, page) in pages.into_iter().enumerate() {
        fetches.spawn(async move { (index, page.fetch().await) });
    }
    while let Some(ended) = fetches.join_next().await {
        if let Ok((index, Ok(text))) = ended {
            screen.show(index, Ok(text)).await;
        }
    }
}
