//! "The name identifies the page": two pages may have the same name.
//!
//! Caught by: shows each result with the index of its page

use tokio::task::JoinSet;

use super::given::{Page, Screen};

pub async fn progress_report(pages: Vec<Page>, mut screen: Screen) {
    let mut fetches = JoinSet::new();
    for page in pages.clone() {
        fetches.spawn(async move { (page.name().to_owned(), page.fetch().await) });
    }
    while let Some(ended) = fetches.join_next().await {
        let (name, fetched) = ended.unwrap();
        let index = pages.iter().position(|page| page.name() == name).unwrap();
        screen.show(index, fetched).await;
    }
}
