//! "I take all that have come, and show them in the order of the list": an earlier result waits for its place in the list.
//!
//! Caught by: loses no result while a line is written

use tokio::task::JoinSet;

use super::given::{Page, Screen};

pub async fn progress_report(pages: Vec<Page>, mut screen: Screen) {
    let mut fetches = JoinSet::new();
    for (index, page) in pages.into_iter().enumerate() {
        fetches.spawn(async move { (index, page.fetch().await) });
    }
    while let Some(ended) = fetches.join_next().await {
        let mut results = vec![ended.unwrap()];
        while let Some(ended) = fetches.try_join_next() {
            results.push(ended.unwrap());
        }
        results.sort_by_key(|(index, _)| *index);
        for (index, fetched) in results {
            screen.show(index, fetched).await;
        }
    }
}
