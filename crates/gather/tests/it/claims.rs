//! Every claim of the chapter, proven.

#![allow(clippy::unwrap_used, reason = "in a test a panic is the report")]

mod aborting;
mod asyncio;
mod cliff;
mod errors;
mod order;
mod panics;
mod polls;
mod spawning;
mod stages;
mod twin;

use std::fmt::Display;
use std::future::pending;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering::Relaxed};
use std::time::Duration;

use futures::FutureExt;
use futures::future::BoxFuture;
use gather::{all, all_or_nothing, every_result, naive, spawned, spawned_all_or_nothing, two_stages};
use room::{World, everywhere, on_one_thread, on_the_paused_clock, with_several_workers};
use timeline::{LaneExt, Outcome, Recording};
use tokio::task::{JoinError, yield_now};
use tokio::time::{sleep, timeout};
use tokio_util::sync::CancellationToken;

/// How a request of these tests goes wrong.
#[derive(Debug, PartialEq)]
enum Failure {
    Refused,
    Late,
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
    let answer = async move {
        sleep(ms(after)).await;
        Ok(after)
    };
    request(after, answer)
}

/// Answers once a token is cancelled.
fn answer_once(token: &CancellationToken) -> BoxFuture<'static, Answer> {
    request("waits", token.clone().cancelled_owned().map(|()| Ok(0)))
}

/// Fails at its second poll; once its lane has ended, it cancels the token.
fn refuse(token: &CancellationToken) -> BoxFuture<'static, Answer> {
    end_with(token, request("refuses", yield_now().map(|()| Err(Failure::Refused))))
}

/// Panics at its second poll.
fn panic_soon() -> BoxFuture<'static, Answer> {
    request("panics", yield_now().map(|()| panic!("a bug")))
}

/// Never answers.
fn hang() -> BoxFuture<'static, Answer> {
    request("hangs", pending())
}

fn request(lane: impl Display, request: impl Future<Output = Answer> + Send + 'static) -> BoxFuture<'static, Answer> {
    request.try_lane(lane.to_string()).boxed()
}

/// Cancels the token when the request has ended.
fn end_with(token: &CancellationToken, request: BoxFuture<'static, Answer>) -> BoxFuture<'static, Answer> {
    let token = token.clone();
    request.inspect(move |_| token.cancel()).boxed()
}

fn ms(milliseconds: u64) -> Duration {
    Duration::from_millis(milliseconds)
}
