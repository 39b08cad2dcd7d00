//! "All run already, so I can await one handle after the other": the first page is the slowest, and delays all others.
//!
//! Caught by: shows each result as soon as it is there

use super::given::{Page, Screen};

pub async fn progress_report(pages: Vec<Page>, mut screen: Screen) {
    let handles: Vec<_> = pages.iter().map(|page| tokio::spawn(page.fetch())).collect();
    for (index, handle) in handles.into_iter().enumerate() {
        screen.show(index, handle.await.unwrap()).await;
    }
}
