//! "`while let Some(Ok(..))` takes the results that came while a line was written": it drops a panic.
//!
//! Caught by: passes on that a call panicked

use super::given::{Page, Screen};
use std::collections::VecDeque;
use std::panic::resume_unwind;
use tokio::task::JoinSet;

pub async fn progress_report(pages: Vec<Page>, mut screen: Screen) {
    let mut tasks = JoinSet::new();
    for (index, page) in pages.into_iter().enumerate() {
        tasks.spawn(async move { (index, page.fetch().await) });
    }
    let mut waiting = VecDeque::new();
    loop {
        while let Some(Ok(ended)) = tasks.try_join_next() {
            waiting.push_back(ended);
        }
        let (index, fetched) = match waiting.pop_front() {
            Some(next) => next,
            None => match tasks.join_next().await {
                None => return,
                Some(ended) => ended.unwrap_or_else(|error| resume_unwind(error.into_panic())),
            },
        };
        screen.show(index, fetched).await;
    }
}
