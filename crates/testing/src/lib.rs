//! Tests of async code that fail when the code is wrong: scripted calls, hand-shakes, a limit for everything.
//!
//! The counterpart of `unittest.IsolatedAsyncioTestCase`, pytest-asyncio and `unittest.mock`.
//!
//! ```sh
//! cargo run -p testing
//! ```
#![doc = include_str!("../README.md")]

use std::error::Error;
use std::fmt;
use std::future::pending;
use std::sync::Arc;
use std::time::Duration;

use futures::StreamExt;
use futures::future::BoxFuture;
use futures::stream::FuturesUnordered;
use tokio::sync::Barrier;
use tokio::time::{sleep, timeout};

mod ask;
pub mod faulty;
pub mod naive;
mod signal;

pub use ask::{MOST, ask};
pub use signal::Signal;

/// The locks for `signal.rs`. The tests compile that file again, with the locks of shuttle.
mod sync {
    pub(crate) use std::sync::atomic::{AtomicBool, Ordering};
    pub(crate) use std::sync::{Mutex, MutexGuard};
}

/// A call of a server. The code under test gets it as an argument, so that a test can script it.
pub type Call = BoxFuture<'static, Result<String, String>>;

/// Why [`first_answer`] has no answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Failed {
    /// All calls failed. These are their errors, in the order in which they came.
    All(Vec<String>),
    /// No answer came within the limit.
    TooLate,
}

impl fmt::Display for Failed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::All(errors) => write!(f, "all calls failed: {}", errors.join(", ")),
            Self::TooLate => f.write_str("no answer within the limit"),
        }
    }
}

impl Error for Failed {}

/// Makes all calls at the same time, and returns the first answer. The tests of this topic test this function.
///
/// An error is not an answer: after an error, it waits for the other calls. When it returns, no call is running any more.
///
/// # Errors
///
/// See [`Failed`].
///
/// # Panics
///
/// Outside a Tokio runtime with time enabled.
///
/// Cancel safe: yes. If you drop it, all calls are dropped.
///
/// Source: [`FuturesUnordered`].
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() {
/// # use std::time::Duration;
/// use futures::FutureExt;
///
/// let calls = vec![
///     async { Err("is down".to_owned()) }.boxed(),
///     async { Ok("the answer".to_owned()) }.boxed(),
/// ];
/// let answer = testing::first_answer(calls, Duration::from_secs(1)).await;
/// assert_eq!(answer, Ok("the answer".to_owned()));
/// # }
/// ```
pub async fn first_answer(calls: Vec<Call>, limit: Duration) -> Result<String, Failed> {
    let mut calls: FuturesUnordered<_> = calls.into_iter().collect();
    let first = async {
        let mut errors = Vec::new();
        while let Some(answer) = calls.next().await {
            match answer {
                Ok(answer) => return Ok(answer),
                Err(error) => errors.push(error),
            }
        }
        Err(Failed::All(errors))
    };
    timeout(limit, first).await.unwrap_or(Err(Failed::TooLate))
}

/// The fault that [`examine`] found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Caught {
    /// It did not return within the test's patience, probably for this reason.
    Stuck(&'static str),
    /// It returned a wrong result.
    Returned(Result<String, Failed>),
    /// It has returned, but this many calls are still running.
    LeftRunning(usize),
}

impl fmt::Display for Caught {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Stuck(what) => write!(f, "stuck, {what}"),
            Self::Returned(Ok(answer)) => write!(f, "it returned {answer}"),
            Self::Returned(Err(failed)) => write!(f, "it failed: {failed}"),
            Self::LeftRunning(1) => f.write_str("a call is still under way"),
            Self::LeftRunning(calls) => write!(f, "{calls} calls are still under way"),
        }
    }
}

impl Error for Caught {}

/// A test of [`first_answer`] and of everything with its signature. It takes the code under test as an argument, so you can test the test.
///
/// It never measures how long something took. Calls wait for each other at a [`Barrier`], and an [`Arc`] counts the running calls.
/// So it works on every clock and on any number of threads.
/// Every wait has a limit: `patience`. It must be longer than 400 ms, the limit that the test passes to the code.
///
/// It calls `passed` after each step that the code passes.
///
/// # Errors
///
/// The first fault that it finds.
///
/// # Panics
///
/// If the code under test panics. Also outside a Tokio runtime with time enabled.
///
/// Cancel safe: yes if the code under test is.
///
/// Source: [`tokio::sync::Barrier`].
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() {
/// # use std::time::Duration;
/// use testing::{examine, faulty, first_answer};
///
/// let patience = Duration::from_secs(2);
/// assert!(examine(first_answer, patience, |_step| {}).await.is_ok());
/// assert!(examine(faulty::takes_an_error, patience, |_step| {}).await.is_err());
/// # }
/// ```
pub async fn examine<F>(
    subject: impl Fn(Vec<Call>, Duration) -> F,
    patience: Duration,
    mut passed: impl FnMut(&'static str),
) -> Result<(), Caught>
where
    F: Future<Output = Result<String, Failed>>,
{
    let long = 100 * patience;

    makes_both_calls_at_once(&subject, patience).await?;
    passed("both at once");

    let fails = call(async {
        sleep(ms(100)).await;
        Err("is down".to_owned())
    });
    let answers = call(async {
        sleep(ms(250)).await;
        Ok("b".to_owned())
    });
    let answer = timeout(patience, subject(vec![fails, answers], long)).await;
    match answer.map_err(|_elapsed| Caught::Stuck("no answer after an error"))? {
        Ok(answer) if answer == "b" => passed("an error is no answer"),
        other => return Err(Caught::Returned(other)),
    }

    let answer = timeout(patience, subject(vec![call(pending()), call(pending())], ms(400))).await;
    match answer.map_err(|_elapsed| Caught::Stuck("it has no limit"))? {
        Err(Failed::TooLate) => passed("has a limit"),
        other => return Err(Caught::Returned(other)),
    }
    Ok(())
}

/// Also checks that no call is left running.
async fn makes_both_calls_at_once<F>(
    subject: &impl Fn(Vec<Call>, Duration) -> F,
    patience: Duration,
) -> Result<(), Caught>
where
    F: Future<Output = Result<String, Failed>>,
{
    // Neither call answers before both have been made.
    let both = Arc::new(Barrier::new(2));
    let calls = [("a", 200), ("b", 300)].map(|(name, after)| {
        let both = Arc::clone(&both);
        call(async move {
            both.wait().await;
            sleep(ms(after)).await;
            Ok(name.to_owned())
        })
    });
    let answer = timeout(patience, subject(calls.into(), 100 * patience)).await;
    match answer.map_err(|_elapsed| Caught::Stuck("only one call is made"))? {
        Ok(answer) if answer == "a" => {}
        other => return Err(Caught::Returned(other)),
    }
    // Each call owns a clone, and drops it when the call ends.
    match Arc::strong_count(&both) - 1 {
        0 => Ok(()),
        calls => Err(Caught::LeftRunning(calls)),
    }
}

fn call(future: impl Future<Output = Result<String, String>> + Send + 'static) -> Call {
    Box::pin(future)
}

const fn ms(milliseconds: u64) -> Duration {
    Duration::from_millis(milliseconds)
}
