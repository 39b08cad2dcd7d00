//! Every claim of the chapter, proven.

#![allow(clippy::unwrap_used, reason = "in a test a panic is the report")]

mod asyncio;
mod closing;
mod ending;
mod retrying;
mod texts;
mod twin;

use std::error::Error;
use std::future::{pending, ready};
use std::io;
use std::num::NonZeroU32;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use errors::{JobError, Journal, Transient, end_of, naive, panic_message, report, retry};
use room::{World, everywhere};
use timeline::{LaneExt, Outcome};
use tokio::io::{AsyncReadExt, duplex};
use tokio::sync::oneshot;
use tokio::task::{JoinError, JoinHandle};
use tokio::time::timeout;

/// A service that refuses.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
enum Refused {
    #[error("busy")]
    Busy,
    #[error("forbidden")]
    Forbidden,
}

impl Transient for Refused {
    fn is_transient(&self) -> bool {
        *self == Self::Busy
    }
}

/// Every request has this error if it fails.
#[derive(Debug, thiserror::Error)]
#[error("no answer")]
struct NoAnswer(#[source] Refused);

fn ms(milliseconds: u64) -> Duration {
    Duration::from_millis(milliseconds)
}

/// A task whose job waits for ever, and which has begun.
async fn begun() -> JoinHandle<Result<(), Refused>> {
    let (begins, begun) = oneshot::channel();
    let task = tokio::spawn(async move {
        begins.send(()).unwrap();
        pending().await
    });
    begun.await.unwrap();
    task
}
