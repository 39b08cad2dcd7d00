//! Every claim of the chapter, proven.

#![allow(clippy::unwrap_used, reason = "in a test a panic is the report")]

mod aborting;
mod cliff;
mod errors;
mod order;
mod panics;
mod polls;
mod spawning;
mod stages;
mod twin;

use std::time::Duration;

use futures::FutureExt;
use futures::future::BoxFuture;
use timeline::LaneExt;
use tokio::task::JoinError;
use tokio::time::sleep;

/// How a request of these tests goes wrong.
#[derive(Debug, PartialEq)]
enum Failure {
    Refused(u64),
    Panicked,
}

impl From<JoinError> for Failure {
    fn from(_: JoinError) -> Self {
        Self::Panicked
    }
}

type Answer = Result<u64, Failure>;

/// Answers after so many milliseconds, with that number; its lane is named so too.
fn answer(after: u64) -> BoxFuture<'static, Answer> {
    request(after, move || Ok(after))
}

/// Fails after so many milliseconds, with that number; its lane is named so too.
fn refuse(after: u64) -> BoxFuture<'static, Answer> {
    request(after, move || Err(Failure::Refused(after)))
}

/// Panics after so many milliseconds; its lane is named after that number.
fn panic_after(after: u64) -> BoxFuture<'static, Answer> {
    request(after, || panic!("a bug"))
}

fn request(after: u64, outcome: impl FnOnce() -> Answer + Send + 'static) -> BoxFuture<'static, Answer> {
    let request = async move {
        sleep(ms(after)).await;
        outcome()
    };
    request.try_lane(after.to_string()).boxed()
}

fn ms(milliseconds: u64) -> Duration {
    Duration::from_millis(milliseconds)
}
