//! How a server ends without losing work: it hears a signal, takes nothing new, and finishes what is under way within a limit.
//! The answer to asyncio's `loop.add_signal_handler`, and to what must follow it.
//!
//! ```sh
//! cargo run -p graceful-shutdown
//! ```
#![doc = include_str!("../README.md")]

pub mod naive;

use std::future::Future;
use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use tokio::sync::mpsc;
use tokio::task::JoinHandle;
use tokio::time::{sleep, timeout};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// What tells a program to end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Signal {
    /// Ctrl-C: SIGINT on Unix.
    Interrupt,
    /// SIGTERM, from a service manager or a container runtime. Only on Unix.
    Terminate,
}

impl Signal {
    /// The exit code of a program that this signal ended: 128 and the signal's number, as shells say it.
    #[must_use]
    pub fn exit_code(self) -> u8 {
        match self {
            Self::Interrupt => 130,
            Self::Terminate => 143,
        }
    }
}

/// Hears the signals that tell this program to end.
///
/// From [`Signals::listen`] on, these signals do not end the process by themselves any more, even after this is dropped.
#[derive(Debug)]
pub struct Signals {
    #[cfg(unix)]
    interrupt: tokio::signal::unix::Signal,
    #[cfg(unix)]
    terminate: tokio::signal::unix::Signal,
    #[cfg(windows)]
    interrupt: tokio::signal::windows::CtrlC,
}

impl Signals {
    /// Begins to listen. Call this before you take the first request.
    ///
    /// # Errors
    ///
    /// The operating system refuses the handler.
    ///
    /// # Panics
    ///
    /// Outside a Tokio runtime with its I/O driver enabled.
    ///
    /// Source: [`tokio::signal::unix::signal`](https://docs.rs/tokio/1/tokio/signal/unix/fn.signal.html), [`tokio::signal::windows::ctrl_c`](https://docs.rs/tokio/1/tokio/signal/windows/fn.ctrl_c.html).
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> std::io::Result<()> {
    /// let mut signals = graceful_shutdown::Signals::listen()?;
    /// tokio::select! {
    ///     biased;
    ///     signal = signals.recv() => println!("{signal:?}"),
    ///     () = async { /* serve */ } => {}
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn listen() -> io::Result<Self> {
        #[cfg(unix)]
        {
            use tokio::signal::unix::{SignalKind, signal};
            Ok(Self { interrupt: signal(SignalKind::interrupt())?, terminate: signal(SignalKind::terminate())? })
        }
        #[cfg(windows)]
        {
            Ok(Self { interrupt: tokio::signal::windows::ctrl_c()? })
        }
    }

    /// The next signal. Signals of one kind that come close together may be heard as one.
    ///
    /// Cancel safe: yes, because a signal that was not received stays noted in the stream.
    pub async fn recv(&mut self) -> Signal {
        #[cfg(unix)]
        {
            tokio::select! {
                _ = self.interrupt.recv() => Signal::Interrupt,
                _ = self.terminate.recv() => Signal::Terminate,
            }
        }
        #[cfg(windows)]
        {
            self.interrupt.recv().await;
            Signal::Interrupt
        }
    }
}

/// The work of a server: every task that must end before the program does.
///
/// Clones are the same work. If you drop it, its tasks run on.
#[derive(Clone, Debug, Default)]
pub struct Work {
    leaving: CancellationToken,
    stopping: CancellationToken,
    cut: CancellationToken,
    tasks: TaskTracker,
    aborted: Arc<AtomicUsize>,
}

impl Work {
    /// No work yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// What the health check answers: false as soon as [`Work::drain`] begins.
    #[must_use]
    pub fn is_ready(&self) -> bool {
        !self.leaving.is_cancelled()
    }

    /// Cancelled when nothing new may begin. A task that only waits for its client's next request should listen to it.
    #[must_use]
    pub fn stopping(&self) -> &CancellationToken {
        &self.stopping
    }

    /// Starts a task that [`Work::drain`] waits for. The output is `None` if it was aborted.
    ///
    /// Take this also for what a request leaves behind, such as a mail that goes out after the answer.
    ///
    /// # Panics
    ///
    /// Outside a Tokio runtime.
    ///
    /// Source: [`TaskTracker::spawn`], [`CancellationToken::run_until_cancelled_owned`].
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() {
    /// let work = graceful_shutdown::Work::new();
    /// let request = work.spawn(async { "answered" });
    /// assert_eq!(request.await.unwrap(), Some("answered"));
    /// # }
    /// ```
    pub fn spawn<F>(&self, future: F) -> JoinHandle<Option<F::Output>>
    where
        F: Future<Output: Send + 'static> + Send + 'static,
    {
        let (cut, aborted) = (self.cut.clone(), Arc::clone(&self.aborted));
        self.tasks.spawn(async move {
            let output = cut.run_until_cancelled(future).await;
            if output.is_none() {
                aborted.fetch_add(1, Ordering::Relaxed);
            }
            output
        })
    }

    /// Takes requests and starts a task for each, until nothing new may begin or every sender is gone. Then it refuses the rest, because it drops the receiver.
    ///
    /// Cancel safe: no, because a dropped call refuses all further requests. What was taken runs on.
    ///
    /// # Panics
    ///
    /// Outside a Tokio runtime.
    ///
    /// ```
    /// # use std::time::Duration;
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() {
    /// let (send, requests) = tokio::sync::mpsc::channel(8);
    /// let work = graceful_shutdown::Work::new();
    /// let taking = tokio::spawn({
    ///     let work = work.clone();
    ///     async move { work.take(requests, async |number: u32| println!("request {number}")).await }
    /// });
    /// send.send(1).await.unwrap();
    /// work.drain(Duration::ZERO, Duration::from_secs(1)).await;
    /// taking.await.unwrap();
    /// assert!(send.send(2).await.is_err());
    /// # }
    /// ```
    pub async fn take<R, F>(&self, mut requests: mpsc::Receiver<R>, handle: impl Fn(R) -> F)
    where
        F: Future<Output: Send + 'static> + Send + 'static,
    {
        while let Some(Some(request)) = self.stopping.run_until_cancelled(requests.recv()).await {
            self.spawn(handle(request));
        }
    }

    /// Ends the work in order, and returns how many tasks had to be aborted.
    ///
    /// 1. [`Work::is_ready`] is false. For the time of `notice` requests are still taken, because whoever sends them learns of it late.
    /// 2. [`Work::stopping`] is cancelled: nothing new begins.
    /// 3. What is under way gets the time of `grace` to finish.
    /// 4. What is left is aborted. This waits for its end. A task that blocks its thread can therefore delay it: keep listening for the second signal.
    ///
    /// Cancel safe: a dropped call leaves the work in the step where it was. If you call this again, it goes on with that step, whose time begins anew.
    ///
    /// ```
    /// # use std::{future::pending, time::Duration};
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() {
    /// let work = graceful_shutdown::Work::new();
    /// work.spawn(pending::<()>());
    /// work.spawn(async {});
    /// assert_eq!(work.drain(Duration::ZERO, Duration::from_millis(20)).await, 1);
    /// # }
    /// ```
    pub async fn drain(&self, notice: Duration, grace: Duration) -> usize {
        self.leaving.cancel();
        // If this is called again, it does not repeat a step that is over.
        if !self.stopping.is_cancelled() {
            sleep(notice).await;
            self.stopping.cancel();
        }
        self.tasks.close();
        if self.cut.is_cancelled() || timeout(grace, self.tasks.wait()).await.is_err() {
            self.cut.cancel();
            self.tasks.wait().await;
        }
        self.aborted.load(Ordering::Relaxed)
    }
}

/// Waits for the end of the program's work, unless another signal comes first.
///
/// Cancel safe: if `ending` is.
///
/// # Errors
///
/// The signal that came first: end at once.
///
/// ```
/// # use graceful_shutdown::{Signal, unless_again};
/// # use std::future::{pending, ready};
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() {
/// assert_eq!(unless_again(ready("drained"), pending()).await, Ok("drained"));
/// assert_eq!(unless_again(pending::<()>(), ready(Signal::Interrupt)).await, Err(Signal::Interrupt));
/// # }
/// ```
pub async fn unless_again<T>(
    ending: impl Future<Output = T>,
    again: impl Future<Output = Signal>,
) -> Result<T, Signal> {
    tokio::select! {
        biased;
        signal = again => Err(signal),
        ended = ending => Ok(ended),
    }
}
