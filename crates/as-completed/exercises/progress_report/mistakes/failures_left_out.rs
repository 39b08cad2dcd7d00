//! "There is nothing to be shown of a page that is missing": except that it is missing.
//!
//! Caught by: shows missing pages, too

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
