//! Every claim of the chapter, proven.

#![allow(clippy::unwrap_used, reason = "in a test a panic is the report")]

mod asyncio;
mod composition;
mod crates;
mod half_open;
mod opening;
mod twin;

use std::future::{pending, ready};
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use circuit_breaker::{Breaker, Failed, Policy, Refused, State, naive};
use futures::FutureExt;
use futures::future::BoxFuture;
use room::everywhere;
use timeline::{LaneExt, Outcome};
use tokio::sync::{Barrier, Semaphore, oneshot};
use tokio::time::{sleep, timeout};

/// An error is a word.
type Error = &'static str;
type Answer = Result<(), Error>;

/// Long enough that a test can look at what is open or half-open.
const PAUSE: Duration = Duration::from_millis(60);

/// Longer than any test.
const FOR_EVER: Duration = Duration::from_hours(1_000);

fn ms(milliseconds: u64) -> Duration {
    Duration::from_millis(milliseconds)
}

/// Calls a backend that is down.
async fn fail(breaker: &Breaker) {
    let failed = breaker.call(ready(Err::<(), _>("down"))).await;
    assert_eq!(failed, Err(Failed::Backend("down")));
}

/// Calls a backend that is up.
async fn succeed(breaker: &Breaker) {
    assert_eq!(breaker.call(ready(Ok::<_, Error>(()))).await, Ok(()));
}

async fn is_refused(breaker: &Breaker) -> bool {
    matches!(breaker.call(ready(Ok::<_, Error>(()))).await, Err(Failed::Refused(_)))
}

/// A breaker that has opened after this many failures in a row.
async fn opened(failures: usize, pause: Duration) -> Breaker {
    let breaker = Breaker::new(Policy::in_a_row(failures, pause));
    for _ in 0..failures {
        fail(&breaker).await;
    }
    assert_eq!(breaker.state(), State::Open);
    breaker
}

/// A breaker whose next caller is the probe: the pause is over.
async fn after_the_pause(failures: usize) -> Breaker {
    let breaker = opened(failures, PAUSE).await;
    sleep(PAUSE).await;
    breaker
}

/// Makes a call of this future, and says whether the backend was called.
trait Call: Fn(BoxFuture<'static, Answer>) -> BoxFuture<'static, bool> {}
impl<F: Fn(BoxFuture<'static, Answer>) -> BoxFuture<'static, bool>> Call for F {}

/// So many callers come at once. Returns how many of them call the backend before the first of these calls ends with this.
async fn let_through(callers: usize, ends: Answer, call: impl Call) -> usize {
    let (called, decided, gate) =
        (Arc::<AtomicUsize>::default(), Arc::new(Semaphore::new(0)), Arc::new(Semaphore::new(0)));
    let callers: Vec<_> = (0..callers)
        .map(|_| {
            let work = {
                let (called, decided, gate) = (Arc::clone(&called), Arc::clone(&decided), Arc::clone(&gate));
                async move {
                    called.fetch_add(1, Ordering::SeqCst);
                    decided.add_permits(1);
                    gate.acquire().await.unwrap().forget();
                    ends
                }
            };
            let (call, decided) = (call(work.boxed()), Arc::clone(&decided));
            tokio::spawn(async move {
                if !call.await {
                    decided.add_permits(1);
                }
            })
        })
        .collect();
    let all = callers.len();
    decided.acquire_many(all.try_into().unwrap()).await.unwrap().forget();
    let at_once = called.load(Ordering::SeqCst);
    gate.add_permits(all);
    for caller in callers {
        caller.await.unwrap();
    }
    at_once
}

/// Calls through the breaker of this crate.
fn through(breaker: &Arc<Breaker>) -> impl Call + use<> {
    let breaker = Arc::clone(breaker);
    move |work| {
        let breaker = Arc::clone(&breaker);
        async move { !matches!(breaker.call(work).await, Err(Failed::Refused(_))) }.boxed()
    }
}

/// Calls through the naive one.
fn naively_through(breaker: &Arc<Breaker>) -> impl Call + use<> {
    let breaker = Arc::clone(breaker);
    move |work| {
        let breaker = Arc::clone(&breaker);
        async move { !matches!(naive::call(&breaker, work).await, Err(Failed::Refused(_))) }.boxed()
    }
}

#[test]
fn the_file_that_the_chapter_says_to_copy_needs_only_tokio_and_thiserror() {
    let code = include_str!("../../src/lib.rs").lines().map(str::trim).filter(|line| !line.starts_with("//"));
    let paths: Vec<_> = code
        .flat_map(|line| line.split(|letter: char| !letter.is_alphanumeric() && letter != '_' && letter != ':'))
        .filter_map(|path| Some(path.split_once("::")?.0))
        .filter(|name| name.starts_with(char::is_lowercase) && !["std", "tokio", "thiserror", "watch"].contains(name))
        .collect();
    assert!(paths.is_empty(), "{paths:?}");
}
