//! Blocking, awaiting, joining and threads, what each of them takes and costs: the answers to `time.sleep`, `await`, `asyncio.gather` and `threading`.
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

/// Asks a service that answers after `takes`, and keeps the thread until then: a blocking client.
///
/// Nothing can interrupt it.
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

/// Asks a service that answers after `takes`, and gives the thread back until then: an async client.
///
/// Cancel safe: yes, because it holds nothing but a timer.
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

/// Makes one call after another on the calling thread: takes the sum.
///
/// Returns the results in the order of the calls.
///
/// # Panics
///
/// If a call does; those after it are not made.
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
/// It cannot help where a step needs the result of the one before, because you make all futures before you call it.
/// For that, write one `.await` after the other.
///
/// Returns the results in the order of the futures.
///
/// Cancel safe: no, because the results so far are dropped with it; the futures that it did not come to never start.
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

/// Awaits all futures at once, on one thread: waiting takes the longest, computing still the sum.
///
/// The caller bounds how many there are: all of them start.
/// Returns the results in the order of the futures.
///
/// Cancel safe: no, because the results so far are dropped with it, and the futures that are not ready are cancelled.
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

/// Makes each call on a thread of its own and waits for all: takes the longest, for waiting and for computing (on enough cores).
///
/// The caller bounds how many there are: each takes a thread.
/// Returns the results in the order of the calls, and no thread outlives it.
/// It blocks the calling thread, so it does not belong into a task.
///
/// # Errors
///
/// If the operating system gives no further thread; the calls already started are waited for, and their results dropped.
///
/// # Panics
///
/// If a call does, with that call's panic, after all have ended.
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

/// Counts the primes below `limit`, by trial division: work for a processor, with nothing to wait for.
///
/// ```
/// assert_eq!(sync_vs_async::count_primes(100), 25);
/// ```
#[must_use]
pub fn count_primes(limit: u32) -> usize {
    let is_prime = |number: &u32| {
        (2..*number).take_while(|divisor| divisor * divisor <= *number).all(|divisor| !number.is_multiple_of(divisor))
    };
    (2..limit).filter(is_prime).count()
}
