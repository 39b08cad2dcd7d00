//! "A hundred waiting lines are enough": the oldest is thrown away, and it was a result.
//!
//! Caught by: does the same with a thousand pages

use std::collections::VecDeque;
use std::pin::pin;

use futures::StreamExt;
use futures::stream::FuturesUnordered;
use tokio::select;

use super::given::{Page, Screen};

pub async fn progress_report(pages: Vec<Page>, mut screen: Screen) {
    let fetches = pages.iter().enumerate().map(async |(index, page)| (index, page.fetch().await));
    let mut fetches: FuturesUnordered<_> = fetches.collect();
    let mut waiting = VecDeque::new();
    loop {
        let next = match waiting.pop_front() {
            Some(result) => Some(result),
            None => fetches.next().await,
        };
        let Some((index, fetched)) = next else { break };
        let mut line = pin!(screen.show(index, fetched));
        loop {
            select! {
                biased;
                Some(result) = fetches.next() => {
                    waiting.push_back(result);
                    if waiting.len() > 100 {
                        waiting.pop_front();
                    }
                }
                () = &mut line => break,
            }
        }
    }
}
