//! Runs work elsewhere that would block the runtime, as `asyncio.to_thread`, `run_in_executor` and `create_subprocess_exec` do.
//!
//! ```sh
//! cargo run -p executor-offload
//! ```
#![doc = include_str!("../README.md")]

pub mod child;
mod error;
pub mod naive;

use std::any::Any;
use std::hint::black_box;
use std::ops::Range;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::process::Stdio;
use std::sync::Arc;
use std::thread;

use rayon::iter::{IntoParallelIterator, ParallelIterator};
use tokio::process::Command;
use tokio::runtime::Handle;
use tokio::sync::{Semaphore, oneshot};
use tokio::task::{JoinError, spawn_blocking};
use tracing::Span;

pub use error::{ChildError, WorkError};

tokio::task_local! {
    /// The number of the request that the task serves.
    pub static REQUEST: u64;
}

/// Adds up the squares of these numbers: work for a processor, with nothing to wait for.
///
/// Every number passes through [`black_box`], so that an optimised build does not use a formula.
///
/// ```
/// assert_eq!(executor_offload::sum_of_squares(0..4), 14);
/// ```
#[must_use]
pub fn sum_of_squares(numbers: Range<u64>) -> u128 {
    numbers.map(square).sum()
}

/// Computes the same sum on all threads of the rayon pool that you call it on.
///
/// It blocks the calling thread until the sum is done, so call it through [`on_rayon`] from a task.
/// `numbers` is a range, or anything else that rayon can split.
///
/// ```
/// assert_eq!(executor_offload::sum_of_squares_in_parallel(0..4), 14);
/// ```
#[must_use]
pub fn sum_of_squares_in_parallel(numbers: impl IntoParallelIterator<Item = u64>) -> u128 {
    numbers.into_par_iter().map(square).sum()
}

fn square(number: u64) -> u128 {
    let number = u128::from(black_box(number));
    number * number
}

/// Runs work on the runtime's blocking pool: take it for calls that block their thread.
///
/// The pool grows to 512 threads and queues the rest without a bound; see [`Limited`].
///
/// Cancel safe: no. Nothing stops work that has begun: it runs to its end, and its result is dropped.
/// Queued work stays queued.
///
/// When the runtime is dropped, the drop waits for work that has begun.
/// Work that has not begun may never run, so await everything that must run before the runtime is dropped.
///
/// # Errors
///
/// If the work panics, or if the runtime shuts down before the work begins.
///
/// # Panics
///
/// When polled outside a Tokio runtime.
///
/// Source: [`tokio::task::spawn_blocking`]; `asyncio.to_thread`.
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let hosts = executor_offload::on_blocking_pool(|| std::fs::read_dir(".")).await??;
/// assert!(hosts.count() > 0);
/// # Ok(())
/// # }
/// ```
pub async fn on_blocking_pool<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, WorkError> {
    spawn_blocking(work).await.map_err(WorkError::from)
}

/// Runs work on rayon's global pool, which has one thread for each core: take it for work that computes.
///
/// Inside, rayon's parallel iterators use the whole pool.
/// Do not wait here for anything else: that would keep a core's thread.
///
/// Cancel safe: no, because work that was handed over runs to its end, and its result is dropped.
///
/// # Errors
///
/// If the work panics. Uncaught, a panic in [`rayon::spawn`] would end the whole process.
///
/// Source: [`rayon::spawn`]; `run_in_executor` with a `ProcessPoolExecutor`.
///
/// ```
/// use executor_offload::{on_rayon, sum_of_squares_in_parallel};
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), executor_offload::WorkError> {
/// assert_eq!(on_rayon(|| sum_of_squares_in_parallel(0..4)).await?, 14);
/// # Ok(())
/// # }
/// ```
pub async fn on_rayon<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, WorkError> {
    let (job, answer) = parcel(work);
    rayon::spawn(job);
    answer.await
}

/// Runs work on a rayon pool of your own, which has as many threads as you gave it.
///
/// Dropping the pool does not wait for its work. The work still runs to its end.
///
/// Cancel safe: no, because work that was handed over runs to its end, and its result is dropped.
///
/// # Errors
///
/// If the work panics.
///
/// Source: [`rayon::ThreadPoolBuilder`]; `ThreadPoolExecutor(max_workers=2)`.
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let pool = rayon::ThreadPoolBuilder::new().num_threads(2).build()?;
/// assert_eq!(executor_offload::on_own_pool(&pool, rayon::current_num_threads).await?, 2);
/// # Ok(())
/// # }
/// ```
pub async fn on_own_pool<T: Send + 'static>(
    pool: &rayon::ThreadPool,
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, WorkError> {
    let (job, answer) = parcel(work);
    pool.spawn(job);
    answer.await
}

/// Runs work on a new thread with this name: take it for work that lasts as long as the program.
///
/// Cancel safe: no, because the work runs to its end, and its result is dropped.
/// The end of the runtime does not wait for the thread, so give the work a way to learn that it has to stop.
///
/// # Errors
///
/// If the work panics, or if the operating system refuses a thread.
///
/// Source: [`std::thread::Builder`]; `threading.Thread`.
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), executor_offload::WorkError> {
/// let name = executor_offload::on_own_thread("sum", || std::thread::current().name().map(str::to_owned)).await?;
/// assert_eq!(name.as_deref(), Some("sum"));
/// # Ok(())
/// # }
/// ```
pub async fn on_own_thread<T: Send + 'static>(
    name: &str,
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, WorkError> {
    let (job, answer) = parcel(work);
    thread::Builder::new().name(name.to_owned()).spawn(job).map_err(WorkError::NoThread)?;
    answer.await
}

/// Splits work into a job for another thread and the answer that the job sends back: a value, or the words of a panic.
fn parcel<T: Send>(
    work: impl FnOnce() -> T + Send,
) -> (impl FnOnce() + Send, impl Future<Output = Result<T, WorkError>>) {
    let (sender, receiver) = oneshot::channel();
    let job = move || {
        // A panic consumes the work, so nobody sees it half done. An error here means that nobody waits any more.
        let _ = sender.send(catch_unwind(AssertUnwindSafe(work)));
    };
    let answer = async {
        let result = receiver.await.map_err(|_| WorkError::NeverRan)?;
        result.map_err(|panic| WorkError::panicked(panic.as_ref()))
    };
    (job, answer)
}

/// Runs a program to its end and returns its standard output: take it for work that may crash, or that is not Rust.
///
/// Set the arguments, the environment, the standard input and the standard error in the command. By default the program inherits both streams.
/// The whole output is kept in memory.
///
/// Cancel safe: no, because the process is killed, and its output is dropped. Its own children go on.
/// A runtime that goes on reaps the process later.
///
/// # Errors
///
/// If the program cannot be started, if its output cannot be read, or if it ends without success, as after a crash.
///
/// # Panics
///
/// When polled outside a Tokio runtime with I/O.
///
/// Source: [`tokio::process::Command`]; `asyncio.create_subprocess_exec`.
///
/// ```
/// use tokio::process::Command;
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), executor_offload::ChildError> {
/// let version = executor_offload::in_child(Command::new("rustc").arg("--version")).await?;
/// assert!(version.starts_with("rustc "));
/// # Ok(())
/// # }
/// ```
pub async fn in_child(command: &mut Command) -> Result<String, ChildError> {
    // Off by default: a dropped future would leave the process running.
    let child = command.kill_on_drop(true).stdout(Stdio::piped()).spawn().map_err(ChildError::NotRun)?;
    let output = child.wait_with_output().await.map_err(ChildError::NotRun)?;
    if output.status.success() {
        Ok(String::from_utf8_lossy(&output.stdout).into_owned())
    } else {
        Err(ChildError::Failed(output.status))
    }
}

/// The blocking pool, with a limit on how many works of one kind run at once.
///
/// A clone shares the limit.
///
/// ```
/// use executor_offload::{Limited, sum_of_squares};
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), executor_offload::WorkError> {
/// let sums = Limited::new(2);
/// assert_eq!(sums.run(|| sum_of_squares(0..4)).await?, 14);
/// sums.shut_down().await;
/// assert!(sums.run(|| sum_of_squares(0..4)).await.is_err());
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct Limited {
    places: Arc<Semaphore>,
    limit: u32,
}

impl Limited {
    /// Lets at most `limit` works run at once. With 0, nothing ever runs.
    #[must_use]
    pub fn new(limit: u32) -> Self {
        Self { places: Arc::new(Semaphore::new(limit as usize)), limit }
    }

    /// Waits for a place, first come, first served, and runs work on the blocking pool.
    ///
    /// Cancel safe: yes while it waits for a place. After that, the work keeps its place and runs to its end, and its result is dropped.
    ///
    /// # Errors
    ///
    /// If the work panics, and after [`Limited::shut_down`].
    ///
    /// # Panics
    ///
    /// When polled outside a Tokio runtime.
    ///
    /// Source: [`tokio::sync::Semaphore`].
    pub async fn run<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<T, WorkError> {
        let place = Arc::clone(&self.places).acquire_owned().await.map_err(|_| WorkError::NeverRan)?;
        // The work holds the place, not the caller: the work goes on when the caller gives up.
        let work = move || {
            let _place = place;
            work()
        };
        on_blocking_pool(work).await
    }

    /// Waits until all work that has a place, or waits for a place, has ended. Then refuses more work.
    ///
    /// Cancel safe: yes, but then nothing is refused. A new call waits again.
    ///
    /// Source: `Executor.shutdown(wait=True)`.
    pub async fn shut_down(&self) {
        // The wait fails if another caller has shut it down meanwhile, which is as good.
        let _all = self.places.acquire_many(self.limit).await;
        self.places.close();
    }
}

/// Runs blocking work that may call back: with the handle that it gets, it can spawn tasks, and wait for futures with `block_on`.
///
/// Such a wait keeps a thread of the pool, so never wait there for other work of the pool: see [`in_two_steps`].
///
/// Cancel safe: no, like [`on_blocking_pool`].
///
/// # Errors
///
/// If the work panics, or if the runtime shuts down before the work begins.
///
/// # Panics
///
/// When polled outside a Tokio runtime.
///
/// Source: [`tokio::runtime::Handle::block_on`]; `asyncio.run_coroutine_threadsafe`.
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), executor_offload::WorkError> {
/// let length = executor_offload::with_runtime(|runtime| {
///     let text = runtime.block_on(async { "from a task" });
///     text.len()
/// });
/// assert_eq!(length.await?, 11);
/// # Ok(())
/// # }
/// ```
pub async fn with_runtime<T: Send + 'static>(work: impl FnOnce(&Handle) -> T + Send + 'static) -> Result<T, WorkError> {
    let runtime = Handle::current();
    on_blocking_pool(move || work(&runtime)).await
}

/// Runs blocking work, and then blocking work that needs its result. Between the two, a task waits, and no thread.
///
/// Cancel safe: no, like [`on_blocking_pool`]. If the first step has not ended, the second one never runs.
///
/// # Errors
///
/// If a step panics, or if the runtime shuts down before it begins.
///
/// # Panics
///
/// When polled outside a Tokio runtime.
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), executor_offload::WorkError> {
/// assert_eq!(executor_offload::in_two_steps(|| 20, |number| number + 1).await?, 21);
/// # Ok(())
/// # }
/// ```
pub async fn in_two_steps<A: Send + 'static, B: Send + 'static>(
    first: impl FnOnce() -> A + Send + 'static,
    second: impl FnOnce(A) -> B + Send + 'static,
) -> Result<B, WorkError> {
    let result = on_blocking_pool(first).await?;
    on_blocking_pool(move || second(result)).await
}

/// Runs blocking work in the caller's span and with the caller's [`REQUEST`]. By themselves, these do not travel to the pool.
///
/// Cancel safe: no, like [`on_blocking_pool`].
///
/// # Errors
///
/// If the work panics, or if the runtime shuts down before the work begins.
///
/// # Panics
///
/// When polled outside a Tokio runtime.
///
/// Source: [`tracing::Span::in_scope`], [`tokio::task::LocalKey::sync_scope`]; `asyncio.to_thread`, which copies the whole context.
///
/// ```
/// use executor_offload::{REQUEST, with_context};
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), executor_offload::WorkError> {
/// let number = REQUEST.scope(7, with_context(|| REQUEST.get())).await?;
/// assert_eq!(number, 7);
/// # Ok(())
/// # }
/// ```
pub async fn with_context<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, WorkError> {
    let (span, request) = (Span::current(), REQUEST.try_get());
    let work = move || match request {
        Ok(request) => REQUEST.sync_scope(request, work),
        Err(_) => work(),
    };
    on_blocking_pool(move || span.in_scope(work)).await
}

impl From<JoinError> for WorkError {
    fn from(error: JoinError) -> Self {
        match error.try_into_panic() {
            Ok(panic) => Self::panicked(panic.as_ref()),
            Err(_) => Self::NeverRan,
        }
    }
}

impl WorkError {
    fn panicked(panic: &(dyn Any + Send)) -> Self {
        let text = panic.downcast_ref::<&str>().copied();
        let text = text.or_else(|| panic.downcast_ref::<String>().map(String::as_str));
        Self::Panicked(text.unwrap_or("not a text").to_owned())
    }
}
