//! Lets synchronous code call async code, and async code use what is synchronous, as `run_coroutine_threadsafe` and `call_soon_threadsafe` do.
//!
//! ```sh
//! cargo run -p sync-bridge
//! ```
#![doc = include_str!("../README.md")]

pub mod blocking;
mod error;
pub mod naive;
pub mod prices;

use std::io;
use std::ops::ControlFlow;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use tokio::runtime::{Builder, Handle, Runtime};
use tokio::sync::{mpsc, oneshot};
use tracing::Instrument;

pub use error::CallError;

/// A runtime behind synchronous functions: any thread calls async code with it, and waits for the result.
///
/// The runtime has one worker thread, which runs the calls of all threads at once.
/// What a call spawns, such as the connection of a client, lives on after the call, until the bridge is stopped.
///
/// When you drop a bridge, it drops the tasks and does not wait for them, so you may drop it anywhere.
///
/// Source: [`tokio::runtime::Runtime`], [Bridging with sync code](https://tokio.rs/tokio/topics/bridging);
/// `asyncio.run_coroutine_threadsafe`, with a loop in a thread.
///
/// ```
/// use sync_bridge::{Bridge, prices::Prices};
/// use std::time::Duration;
///
/// // No async here: an ordinary function on an ordinary thread.
/// let bridge = Bridge::start()?;
/// let prices = bridge.call(Prices::connect(Duration::from_millis(1)))?;
/// let price = bridge.call(async move { prices.ask("tea", Duration::from_millis(1)).await })??;
/// assert_eq!(price, 3);
/// bridge.stop(Duration::from_secs(1));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct Bridge {
    handle: Handle,
    /// Empty once it was stopped.
    runtime: Mutex<Option<Runtime>>,
}

impl Bridge {
    /// Starts the runtime and its thread.
    ///
    /// # Errors
    ///
    /// If the operating system refuses a thread, or what the runtime needs for its sockets.
    pub fn start() -> io::Result<Self> {
        let runtime = Builder::new_multi_thread().worker_threads(1).thread_name("bridge").enable_all().build()?;
        Ok(Self { handle: runtime.handle().clone(), runtime: Mutex::new(Some(runtime)) })
    }

    /// Runs a future on the bridge's runtime, and blocks the calling thread until it has ended.
    ///
    /// The caller's span goes along.
    /// A time limit belongs inside: `bridge.call(async { timeout(limit, work).await })` also drops the work.
    ///
    /// # Errors
    ///
    /// If the future panics, or if the bridge is stopped before the future has ended.
    ///
    /// # Panics
    ///
    /// In async code, where you must not block: await the future instead. In `spawn_blocking` you may call it.
    pub fn call<T: Send + 'static>(&self, future: impl Future<Output = T> + Send + 'static) -> Result<T, CallError> {
        let future = future.in_current_span();
        // Spawned inside: where `block_on` panics, nothing was spawned that would run on.
        let result = self.handle.block_on(async { tokio::spawn(future).await });
        result.map_err(CallError::from)
    }

    /// Stops all calls and tasks at their next await, and refuses new calls. Waits until they have ended, for so long at most.
    ///
    /// Threads that wait in [`Bridge::call`] get [`CallError::Stopped`].
    /// Only the first call waits. If another thread has called `stop` already, this returns at once.
    ///
    /// # Panics
    ///
    /// In async code, if it is the first call, because it blocks.
    pub fn stop(&self, limit: Duration) {
        if let Some(runtime) = self.take() {
            runtime.shutdown_timeout(limit);
        }
    }

    fn take(&self) -> Option<Runtime> {
        self.runtime.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}

impl Drop for Bridge {
    fn drop(&mut self) {
        // Dropping the runtime itself would block, and so panic in async code.
        if let Some(runtime) = self.take() {
            runtime.shutdown_background();
        }
    }
}

/// A thread that owns a value, for async code: it runs one job at a time on the value.
///
/// Take it for a value that blocks, or that must stay on its thread: the value need not be `Send`.
///
/// When you drop a keeper, it runs the jobs that it has accepted, and ends.
///
/// Source: `tokio-rusqlite`, which keeps a database's connection so;
/// `run_in_executor` with `ThreadPoolExecutor(max_workers=1)`.
///
/// ```
/// use sync_bridge::Keeper;
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let ledger = Keeper::start("ledger", 8, Vec::new)?;
/// ledger.run(|sales| sales.push(3)).await?;
/// assert_eq!(ledger.run(|sales| sales.len()).await?, 1);
/// ledger.stop().await;
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
pub struct Keeper<T> {
    jobs: mpsc::Sender<Job<T>>,
    ended: oneshot::Receiver<()>,
}

type Job<T> = Box<dyn FnOnce(&mut T) -> ControlFlow<()> + Send>;

impl<T: 'static> Keeper<T> {
    /// Starts the thread, which makes the value. At most `capacity` jobs wait; further callers wait with their job.
    ///
    /// # Errors
    ///
    /// If the operating system refuses a thread.
    ///
    /// # Panics
    ///
    /// If the capacity is 0.
    pub fn start(name: &str, capacity: usize, make: impl FnOnce() -> T + Send + 'static) -> io::Result<Self> {
        let (jobs, mut accepted) = mpsc::channel::<Job<T>>(capacity);
        let (end, ended) = oneshot::channel();
        let work = move || {
            // Dropped last, when the value is gone, also after a panic.
            let _end: oneshot::Sender<()> = end;
            let mut value = make();
            while let Some(job) = accepted.blocking_recv() {
                if job(&mut value).is_break() {
                    return;
                }
            }
        };
        thread::Builder::new().name(name.to_owned()).spawn(work)?;
        Ok(Self { jobs, ended })
    }

    /// Runs a job on the value, after the jobs that were accepted before.
    ///
    /// Cancel safe: a job that has not begun when you drop this never runs. One that has begun runs to its end.
    ///
    /// # Errors
    ///
    /// If the job panics: then the value is dropped, because the job may have left it half changed, and later jobs get [`CallError::Stopped`].
    pub async fn run<R: Send + 'static>(&self, job: impl FnOnce(&mut T) -> R + Send + 'static) -> Result<R, CallError> {
        let (reply, answer) = oneshot::channel();
        let job = Box::new(move |value: &mut T| {
            if reply.is_closed() {
                return ControlFlow::Continue(());
            }
            let result = catch_unwind(AssertUnwindSafe(|| job(value)));
            let panicked = result.is_err();
            // An error here means that the caller has left meanwhile.
            let _ = reply.send(result);
            if panicked { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        });
        self.jobs.send(job).await.map_err(|_| CallError::Stopped)?;
        let result = answer.await.map_err(|_| CallError::Stopped)?;
        result.map_err(|panic| CallError::panicked(panic.as_ref()))
    }

    /// Waits until the accepted jobs have run, the value is dropped and the thread has nothing left to do.
    ///
    /// Cancel safe: yes. The thread ends all the same.
    pub async fn stop(self) {
        drop(self.jobs);
        // The sender is never used: it is dropped at the end.
        let _ = self.ended.await;
    }
}

/// What a synchronous library calls with each item. [`ControlFlow::Break`] asks it to call no more.
pub type Callback<T> = Box<dyn FnMut(T) -> ControlFlow<()> + Send>;

/// The items of a library that calls back from a thread of its own, as a channel for async code.
///
/// `register` hands the callback to the library. When `capacity` items wait, the callback blocks the library's thread until one is taken.
/// When you drop the receiver, the callback returns `Break`.
///
/// # Panics
///
/// If the capacity is 0. The callback panics if the library calls it in async code.
///
/// Source: [`mpsc::Sender::blocking_send`]; `loop.call_soon_threadsafe(queue.put_nowait, item)`, janus.
///
/// ```
/// use std::thread;
/// use sync_bridge::from_callbacks;
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() {
/// let mut codes = from_callbacks(1, |mut callback| {
///     thread::spawn(move || (1..=3).try_for_each(|code| callback(code)));
/// });
/// let mut read = Vec::new();
/// while let Some(code) = codes.recv().await {
///     read.push(code);
/// }
/// assert_eq!(read, [1, 2, 3]);
/// # }
/// ```
pub fn from_callbacks<T: Send + 'static>(capacity: usize, register: impl FnOnce(Callback<T>)) -> mpsc::Receiver<T> {
    let (sender, receiver) = mpsc::channel(capacity);
    register(Box::new(move |item| match sender.blocking_send(item) {
        Ok(()) => ControlFlow::Continue(()),
        Err(_) => ControlFlow::Break(()),
    }));
    receiver
}
