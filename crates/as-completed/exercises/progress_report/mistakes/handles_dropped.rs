//! "If I drop the stream, its tasks stop": this drops handles, and a task without a handle keeps running.
//!
//! Caught by: stops everything when its caller gives up

use futures::StreamExt;
use futures::stream::FuturesUnordered;

use super::given::{Page, Screen};

pub async fn progress_report(pages: Vec<Page>, mut screen: Screen) {
    let tasks = pages.iter().map(|page| tokio::spawn(page.fetch()));
    let mut fetches: FuturesUnordered<_> = tasks.enumerate().map(async |(index, task)| (index, task.await)).collect();
    while let Some((index, ended)) = fetches.next().await {
        screen.show(index, ended.unwrap()).await;
    }
}
