//! "`watch` is the channel for progress": it keeps only the latest value, and earlier results are never shown.
//!
//! Caught by: loses no result while a line is written

use futures::future::join_all;
use tokio::join;
use tokio::sync::watch;

use super::given::{Page, Screen};

pub async fn progress_report(pages: Vec<Page>, mut screen: Screen) {
    let (send, mut latest) = watch::channel(None);
    let fetch = async move {
        let fetches = pages.iter().enumerate().map(async |(index, page)| {
            let fetched = page.fetch().await;
            send.send_replace(Some((index, fetched)));
        });
        join_all(fetches).await;
    };
    let show = async move {
        while latest.changed().await.is_ok() {
            let shown = latest.borrow_and_update().clone();
            if let Some((index, fetched)) = shown {
                screen.show(index, fetched).await;
            }
        }
    };
    join!(fetch, show);
}
