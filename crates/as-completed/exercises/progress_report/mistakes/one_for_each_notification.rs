//! "Each notification is a result": two notifications without a waiter count as one.
//!
//! Caught by: loses no result while a line is written

use std::collections::VecDeque;
use std::sync::Mutex;

use futures::future::join_all;
use tokio::join;
use tokio::sync::Notify;

use super::given::{Page, Screen};

pub async fn progress_report(pages: Vec<Page>, mut screen: Screen) {
    let (results, came) = (Mutex::new(VecDeque::new()), Notify::new());
    let fetch = join_all(pages.iter().enumerate().map(async |(index, page)| {
        let fetched = page.fetch().await;
        results.lock().unwrap().push_back((index, fetched));
        came.notify_one();
    }));
    let show = async {
        for _ in &pages {
            came.notified().await;
            let result = results.lock().unwrap().pop_front();
            if let Some((index, fetched)) = result {
                screen.show(index, fetched).await;
            }
        }
    };
    join!(fetch, show);
}
