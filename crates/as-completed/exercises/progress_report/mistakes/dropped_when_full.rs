//! "`try_send` never waits": it drops the results for which the channel has no room.
//!
//! Caught by: loses no result while a line is written

use futures::future::join_all;
use tokio::join;
use tokio::sync::mpsc;

use super::given::{Page, Screen};

pub async fn progress_report(pages: Vec<Page>, mut screen: Screen) {
    let (send, mut results) = mpsc::channel(2);
    let fetch = async move {
        let fetches = pages.iter().enumerate().map(async |(index, page)| {
            let fetched = page.fetch().await;
            let _ = send.try_send((index, fetched));
        });
        join_all(fetches).await;
    };
    let show = async move {
        while let Some((index, fetched)) = results.recv().await {
            screen.show(index, fetched).await;
        }
    };
    join!(fetch, show);
}
