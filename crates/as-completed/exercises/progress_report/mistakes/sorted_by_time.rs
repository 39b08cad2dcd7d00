//! "A map from the time to the result has the right order": two at the same instant have one entry.
//!
//! Caught by: loses no result while a line is written

use std::collections::BTreeMap;
use std::sync::Mutex;

use futures::future::join_all;
use tokio::join;
use tokio::sync::Notify;
use tokio::time::Instant;

use super::given::{Page, Screen};

pub async fn progress_report(pages: Vec<Page>, mut screen: Screen) {
    let (results, came) = (Mutex::new(BTreeMap::new()), Notify::new());
    let fetch = async {
        let fetches = pages.iter().enumerate().map(async |(index, page)| {
            let fetched = page.fetch().await;
            results.lock().unwrap().insert(Instant::now(), Some((index, fetched)));
            came.notify_one();
        });
        join_all(fetches).await;
        // The end, behind all others.
        results.lock().unwrap().insert(Instant::now() + std::time::Duration::from_millis(1), None);
        came.notify_one();
    };
    let show = async {
        loop {
            let result = results.lock().unwrap().pop_first();
            match result {
                Some((_, Some((index, fetched)))) => screen.show(index, fetched).await,
                Some((_, None)) => break,
                None => came.notified().await,
            }
        }
    };
    join!(fetch, show);
}
