//! Blocking calls, `.await`, `join!` and threads: how long each of them takes, and what each of them costs.
//! In Python these are `time.sleep`, `await`, `asyncio.gather` and `threading`.
//!
//! ```sh
//! cargo run -p sync-vs-async
//! ```
#![doc = include_str!("../README.md")]

pub mod cost;
pub mod naive;

use std::panic::resume_unwind;
use std::time::Duration;
use std::{io, thread};

use futures::future::join_all;
use tokio::time::sleep;

/// Asks a service that answers after `takes`. It blocks the thread until then, like a blocking client.
///
/// Nothing can interrupt the call.
///
/// Source: [`std::thread::sleep`]; Python's `time.sleep`.
///
/// ```
/// use std::time::Duration;
/// assert_eq!(sync_vs_async::ask_blocking("users", Duration::from_millis(1)), "users");
/// ```
#[must_use]
pub fn ask_blocking(service: &str, takes: Duration) -> String {
    thread::sleep(takes);
    service.to_owned()
}

/// Asks a service that answers after `takes`. It does not block the thread, like an async client.
///
/// Cancel safe: yes, because it holds only a timer.
///
/// # Panics
///
/// When polled outside a Tokio runtime with a timer.
///
/// Source: [`tokio::time::sleep`]; `asyncio.sleep`.
///
/// ```
/// # use std::time::Duration;
/// # #[tokio::main(flavor = "current_thread", start_paused = true)]
/// # async fn main() {
/// assert_eq!(sync_vs_async::ask("users", Duration::from_millis(300)).await, "users");
/// # }
/// ```
pub async fn ask(service: &str, takes: Duration) -> String {
    sleep(takes).await;
    service.to_owned()
}

/// Makes one call after another on the calling thread. This takes the sum of their times.
///
/// Returns the results in the order of the calls.
///
/// # Panics
///
/// If a call panics. The calls after it are not made.
///
/// ```
/// let calls = [1, 2, 3].map(|number| move || number * 10);
/// assert_eq!(sync_vs_async::call_one_by_one(calls), [10, 20, 30]);
/// ```
#[must_use]
pub fn call_one_by_one<T>(calls: impl IntoIterator<Item = impl FnOnce() -> T>) -> Vec<T> {
    calls.into_iter().map(|call| call()).collect()
}

/// Awaits one future after another. This takes the sum too, because a future does nothing until it is polled.
///
/// Use it where two requests must not overlap; otherwise use [`await_together`].
/// Do not use it if a step needs the result of the step before: write one `.await` after the other.
///
/// Returns the results in the order of the futures.
///
/// Cancel safe: no, because a drop also drops the results so far. The remaining futures never start.
///
/// Source: [The Rust Reference, await expressions](https://doc.rust-lang.org/reference/expressions/await-expr.html).
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() {
/// let numbers = [1, 2, 3].map(|number| async move { number * 10 });
/// assert_eq!(sync_vs_async::await_one_by_one(numbers).await, [10, 20, 30]);
/// # }
/// ```
pub async fn await_one_by_one<F: Future>(futures: impl IntoIterator<Item = F>) -> Vec<F::Output> {
    let mut results = Vec::new();
    for future in futures {
        results.push(future.await);
    }
    results
}

/// Awaits all futures at the same time, in one task. Waiting takes as long as the slowest future, and computing takes the sum.
///
/// All futures start at once, so limit how many you pass.
/// Returns the results in the order of the futures.
///
/// Cancel safe: no, because a drop cancels the futures that are not ready, and also drops the results so far.
///
/// Source: [`futures::future::join_all`]; `asyncio.gather`.
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() {
/// let numbers = [1, 2, 3].map(|number| async move { number * 10 });
/// assert_eq!(sync_vs_async::await_together(numbers).await, [10, 20, 30]);
/// # }
/// ```
pub async fn await_together<F: Future>(futures: impl IntoIterator<Item = F>) -> Vec<F::Output> {
    join_all(futures).await
}

/// Makes each call on its own thread, and waits for all of them. Waiting takes as long as the slowest call. So does computing, if there are enough cores.
///
/// Each call takes a thread, so limit how many you pass.
/// Returns the results in the order of the calls. No thread outlives this function.
/// This function blocks the calling thread, so do not call it in a task.
///
/// # Errors
///
/// If the operating system cannot start another thread. The function waits for the calls that have started, and drops their results.
///
/// # Panics
///
/// If a call panics, with the panic of the first such call, after all calls have ended.
/// If the operating system also could not start another thread, the message is a different one.
///
/// Source: [`std::thread::scope`]; Python's `threading.Thread`.
///
/// ```
/// let calls = [1, 2, 3].map(|number| move || number * 10);
/// assert_eq!(sync_vs_async::call_on_threads(calls)?, [10, 20, 30]);
/// # Ok::<(), std::io::Error>(())
/// ```
pub fn call_on_threads<T: Send>(calls: impl IntoIterator<Item = impl FnOnce() -> T + Send>) -> io::Result<Vec<T>> {
    thread::scope(|scope| {
        let calls = calls.into_iter();
        let threads: Vec<_> =
            calls.map(|call| thread::Builder::new().spawn_scoped(scope, call)).collect::<Result<_, _>>()?;
        Ok(threads.into_iter().map(|thread| thread.join().unwrap_or_else(|panic| resume_unwind(panic))).collect())
    })
}

/// Counts the primes below `limit` by trial division. It only computes, and never waits.
///
/// ```
/// assert_eq!(sync_vs_async::count_primes(100), 25);
/// ```
#[must_use]
pub fn count_primes(limit: u32) -> usize {
    let is_prime = |number: &u32| (2..=number.isqrt()).all(|divisor| !number.is_multiple_of(divisor));
    (2..limit).filter(is_prime).count()
}
