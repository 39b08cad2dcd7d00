//! Runs work that would block the runtime on other threads or in other processes.
//! The counterpart of `asyncio.to_thread`, `run_in_executor` and `create_subprocess_exec`.
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

/// Adds up the squares of these numbers: CPU-bound work, which waits for nothing.
///
/// Every number passes through [`black_box`], so that the optimiser cannot replace the loop with a formula.
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

/// Runs work on the runtime's blocking pool. Use it for calls that block their thread.
///
/// The pool grows to 512 threads, and its queue for the rest is unbounded. To limit the work, see [`Limited`].
///
/// Cancel safe: no. Nothing stops work that has begun: it runs to completion, and its result is dropped.
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

/// Runs work on rayon's global pool, which has one thread for each core. Use it for work that computes.
///
/// Inside the work, rayon's parallel iterators use the whole pool.
/// Do not wait for anything else inside the work: the wait would block a thread that a core needs.
///
/// Cancel safe: no. The work runs to completion anyway, and its result is dropped.
///
/// # Errors
///
/// If the work panics. (An uncaught panic in [`rayon::spawn`] would end the whole process.)
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

/// Runs work on your own rayon pool, with as many threads as you gave it.
///
/// Dropping the pool does not wait for its work. The work still runs to completion.
///
/// Cancel safe: no. The work runs to completion anyway, and its result is dropped.
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

/// Runs work on a new thread with this name. Use it for work that lasts as long as the program.
///
/// Cancel safe: no, because the work runs to completion, and its result is dropped.
/// The runtime's shutdown does not wait for the thread. So give the work a way to learn that it must stop.
///
/// # Errors
///
/// If the work panics, or if the operating system cannot start a thread.
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

/// Splits work into a job for another thread, and a receiver for the job's answer: a value, or the message of a panic.
fn parcel<T: Send>(
    work: impl FnOnce() -> T + Send,
) -> (impl FnOnce() + Send, impl Future<Output = Result<T, WorkError>>) {
    let (sender, receiver) = oneshot::channel();
    let job = move || {
        // A panic consumes the work, so no code sees it half done. An error here means that no caller waits any more.
        let _ = sender.send(catch_unwind(AssertUnwindSafe(work)));
    };
    let answer = async {
        let result = receiver.await.map_err(|_| WorkError::NeverRan)?;
        result.map_err(|panic| WorkError::panicked(panic.as_ref()))
    };
    (job, answer)
}

/// Runs a program to its end and returns its standard output. Use it for work that may crash, or that is not Rust.
///
/// Set the arguments, the environment, the standard input and the standard error in the command.
/// By default, the program inherits the standard input and the standard error.
/// The whole output is kept in memory.
///
/// Cancel safe: no, because the process is killed, and its output is dropped. Its own children keep running.
/// If the runtime keeps running, it reaps the process later.
///
/// # Errors
///
/// If the program cannot be started, if its output cannot be read, or if it does not end successfully, for example after a crash.
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

/// The blocking pool, with a limit on how many jobs of one kind run at once.
///
/// All clones share the limit.
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
    /// Lets at most `limit` jobs run at once. With 0, nothing ever runs.
    #[must_use]
    pub fn new(limit: u32) -> Self {
        Self { places: Arc::new(Semaphore::new(limit as usize)), limit }
    }

    /// Waits for a place, first come, first served, and then runs the work on the blocking pool.
    ///
    /// Cancel safe: yes, while it waits for a place. After that, the work keeps its place and runs to completion, and its result is dropped.
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
        // The work holds the place, not the caller, because the work keeps running when the caller gives up.
        let work = move || {
            let _place = place;
            work()
        };
        on_blocking_pool(work).await
    }

    /// Waits until all work has ended that has a place or waits for one. Then refuses more work.
    ///
    /// Cancel safe: yes, but then nothing is refused. A new call waits again.
    ///
    /// Source: `Executor.shutdown(wait=True)`.
    pub async fn shut_down(&self) {
        // The wait fails if another caller has shut it down in the meantime. The result is the same.
        let _all = self.places.acquire_many(self.limit).await;
        self.places.close();
    }
}

/// Runs blocking work that may call async code. It gets a handle, with which it can spawn tasks, and wait for futures with `block_on`.
///
/// Such a wait blocks a thread of the pool. So never wait there for other work of the pool: see [`in_two_steps`].
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

/// Runs blocking work, and then blocking work that needs its result. Between the two, only a task waits, not a thread.
///
/// Cancel safe: no, like [`on_blocking_pool`]. If the first step has not ended, the second one never runs.
///
/// # Errors
///
/// If a step panics, or if the runtime shuts down before the step begins.
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

/// Runs blocking work in the caller's span and with the caller's [`REQUEST`]. Without this function, neither of them reaches the pool.
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
