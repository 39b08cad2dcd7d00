//! "First I fetch all, then I show all": the reader sees nothing before the slowest page.
//!
//! Caught by: shows each result as soon as it is there

use futures::future::join_all;

use super::given::{Page, Screen};

pub async fn progress_report(pages: Vec<Page>, mut screen: Screen) {
    for (index, fetched) in join_all(pages.iter().map(Page::fetch)).await.into_iter().enumerate() {
        screen.show(index, fetched).await;
    }
}
