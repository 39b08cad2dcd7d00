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

/// How long an item takes a consumer.
const WORK: Duration = ms(20);

const fn ms(milliseconds: u64) -> Duration {
    Duration::from_millis(milliseconds)
}

/// Items that take this long to make, each.
fn paced<I>(pace: Duration, items: I) -> impl Stream<Item = u32>
where
    I: IntoIterator<Item = u32, IntoIter: Send + 'static>,
{
    stream::iter(items).then(move |item| sleep(pace).map(move |()| item))
}

/// Makes 6 of 1, and panics at the 0 after it.
fn broken() -> impl Stream<Item = u32> + Send {
    stream::iter([1, 0]).map(|divisor| 6 / divisor)
}

async fn work(item: u32) -> u32 {
    sleep(WORK).await;
    item
}

fn sorted(mut items: Vec<u32>) -> Vec<u32> {
    items.sort_unstable();
    items
}
