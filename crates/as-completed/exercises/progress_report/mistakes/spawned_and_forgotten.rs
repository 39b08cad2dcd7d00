//! "Spawned tasks run by themselves": when the answer returns, they have not started.
//!
//! Caught by: fetches all pages at once

use std::sync::Arc;

use tokio::sync::Mutex;

use super::given::{Page, Screen};

pub async fn progress_report(pages: Vec<Page>, screen: Screen) {
    let screen = Arc::new(Mutex::new(screen));
    for (index, page) in pages.into_iter().enumerate() {
        let screen = Arc::clone(&screen);
        tokio::spawn(async move {
            let fetched = page.fetch().await;
            screen.lock().await.show(index, fetched).await;
        });
    }
}
