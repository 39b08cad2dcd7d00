//! "`push` and `pop` make a queue": they make a stack, and it shows the last result first.
//!
//! Caught by: loses no result while a line is written

use std::sync::Mutex;

use futures::future::join_all;
use tokio::join;
use tokio::sync::Notify;

use super::given::{Page, Screen};

pub async fn progress_report(pages: Vec<Page>, mut screen: Screen) {
    let (results, came) = (Mutex::new(Vec::new()), Notify::new());
    let fetch = join_all(pages.iter().enumerate().map(async |(index, page)| {
        let fetched = page.fetch().await;
        results.lock().unwrap().push((index, fetched));
        came.notify_one();
    }));
    let show = async {
        let mut left = pages.len();
        while left > 0 {
            let result = results.lock().unwrap().pop();
            if let Some((index, fetched)) = result {
                screen.show(index, fetched).await;
                left -= 1;
            } else {
                came.notified().await;
            }
        }
    };
    join!(fetch, show);
}
