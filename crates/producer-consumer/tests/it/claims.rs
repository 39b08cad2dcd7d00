//! Every claim of the chapter.

mod bounded;
mod ending;
mod joining;
mod monitor;
mod sending;
mod sharing;
mod twin;

use std::time::Duration;

use futures::{FutureExt, Stream, StreamExt, stream};
use tokio::time::sleep;

fn ms(milliseconds: u64) -> Duration {
    Duration::from_millis(milliseconds)
}

/// Items that take this long to make, each.
fn paced<I>(pace: Duration, items: I) -> impl Stream<Item = u32>
where
    I: IntoIterator<Item = u32, IntoIter: Send + 'static>,
{
    stream::iter(items).then(move |item| sleep(pace).map(move |()| item))
}

/// Works for 100 ms.
async fn work(item: u32) -> u32 {
    sleep(ms(100)).await;
    item
}

fn sorted(mut items: Vec<u32>) -> Vec<u32> {
    items.sort_unstable();
    items
}
