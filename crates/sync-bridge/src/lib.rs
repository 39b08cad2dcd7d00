//! Lets synchronous code call async code, and async code use synchronous code.
//! The counterpart of `run_coroutine_threadsafe` and `call_soon_threadsafe`.
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

/// A runtime behind synchronous functions. Any thread can use it to call async code and wait for the result.
///
/// The runtime has one worker thread, which runs the calls of all threads at once.
/// A task that a call spawns, such as a client's connection, keeps running after the call, until the bridge is stopped.
///
/// When you drop a bridge, it drops the tasks and does not wait for them. So you may drop it anywhere.
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
    /// `None` after the bridge was stopped.
    runtime: Mutex<Option<Runtime>>,
}

impl Bridge {
    /// Starts the runtime and its thread.
    ///
    /// # Errors
    ///
    /// If the operating system cannot start a thread, or cannot provide what the runtime needs for its sockets.
    pub fn start() -> io::Result<Self> {
        let runtime = Builder::new_multi_thread().worker_threads(1).thread_name("bridge").enable_all().build()?;
        Ok(Self { handle: runtime.handle().clone(), runtime: Mutex::new(Some(runtime)) })
    }

    /// Runs a future on the bridge's runtime, and blocks the calling thread until it has ended.
    ///
    /// The future runs in the caller's span.
    /// Put a time limit inside the call: `bridge.call(async { timeout(limit, work).await })` also drops the work.
    ///
    /// # Errors
    ///
    /// If the future panics, or if the bridge is stopped before the future has ended.
    ///
    /// # Panics
    ///
    /// In async code, where you must not block. There, await the future instead. Inside `spawn_blocking` you may call it.
    pub fn call<T: Send + 'static>(&self, future: impl Future<Output = T> + Send + 'static) -> Result<T, CallError> {
        let future = future.in_current_span();
        // Spawned inside `block_on`: if `block_on` panics, no task has been spawned that would keep running.
        let result = self.handle.block_on(async { tokio::spawn(future).await });
        result.map_err(CallError::from)
    }

    /// Stops all calls and tasks at their next await, and refuses new calls. Waits until they have ended, but no longer than this.
    ///
    /// Threads that wait in [`Bridge::call`] get [`CallError::Stopped`].
    /// Only the first call waits. If another thread has already called `stop`, this returns at once.
    ///
    /// # Panics
    ///
    /// In async code, if it is the first call, because the first call blocks.
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
        // A plain drop of the runtime would block, and so panic in async code.
        if let Some(runtime) = self.take() {
            runtime.shutdown_background();
        }
    }
}

/// A thread that owns a value. Async code sends it jobs, and it runs one job at a time on the value.
///
/// Use it for a value whose methods block, or that must stay on its thread. The value need not be `Send`.
///
/// When you drop a keeper, it runs the jobs that it has accepted, and then ends.
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
    /// Starts the thread, which makes the value. At most `capacity` jobs wait in the queue. Further callers wait for a place.
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
            // Dropped last, after the value, also after a panic.
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
    /// Cancel safe: if you drop this before the job begins, the job never runs. A job that has begun runs to completion.
    ///
    /// # Errors
    ///
    /// If the job panics. Then the value is dropped, because the job may have left it half changed. Later jobs get [`CallError::Stopped`].
    pub async fn run<R: Send + 'static>(&self, job: impl FnOnce(&mut T) -> R + Send + 'static) -> Result<R, CallError> {
        let (reply, answer) = oneshot::channel();
        let job = Box::new(move |value: &mut T| {
            if reply.is_closed() {
                return ControlFlow::Continue(());
            }
            let result = catch_unwind(AssertUnwindSafe(|| job(value)));
            let panicked = result.is_err();
            // An error here means that the caller has left in the meantime.
            let _ = reply.send(result);
            if panicked { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        });
        self.jobs.send(job).await.map_err(|_| CallError::Stopped)?;
        let result = answer.await.map_err(|_| CallError::Stopped)?;
        result.map_err(|panic| CallError::panicked(panic.as_ref()))
    }

    /// Waits until the accepted jobs have run, the value is dropped, and the thread has nothing left to do.
    ///
    /// Cancel safe: yes. The thread still ends.
    pub async fn stop(self) {
        drop(self.jobs);
        // The sender is never used: it is dropped at the end.
        let _ = self.ended.await;
    }
}

/// The callback that a synchronous library calls with each item. [`ControlFlow::Break`] asks the library to stop calling.
pub type Callback<T> = Box<dyn FnMut(T) -> ControlFlow<()> + Send>;

/// Turns the callbacks of a library, which come from its own thread, into a channel for async code.
///
/// `register` passes the callback to the library. When `capacity` items wait, the callback blocks the library's thread until you take one.
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
