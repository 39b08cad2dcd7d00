//! Every claim of the pages that is no topic's.

mod asyncio;
mod bytes;
mod locks;
mod messages;
mod processes;
mod runtime;
mod signals;
mod symptoms;
mod tasks;
mod time;

use std::time::Duration;

fn ms(milliseconds: u64) -> Duration {
    Duration::from_millis(milliseconds)
}

/// Whether this future is pending at its first poll; it is dropped after that.
fn is_pending(future: impl Future) -> bool {
    futures::FutureExt::now_or_never(future).is_none()
}
