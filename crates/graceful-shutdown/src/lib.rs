//! Shuts down a server without losing work. After a signal, it accepts nothing new, and finishes the running requests within a time limit.
//! The counterpart of asyncio's `loop.add_signal_handler`, and of the shutdown after the signal.
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

/// A signal that tells a program to end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Signal {
    /// Ctrl-C: SIGINT on Unix.
    Interrupt,
    /// SIGTERM, from a service manager or a container runtime. Only on Unix.
    Terminate,
}

impl Signal {
    /// The exit code of a program that this signal ended: 128 plus the signal's number, as shells report it.
    #[must_use]
    pub fn exit_code(self) -> u8 {
        match self {
            Self::Interrupt => 130,
            Self::Terminate => 143,
        }
    }
}

/// Receives the signals that tell this program to end.
///
/// After [`Signals::listen`], these signals no longer end the process by themselves, even if you drop this value.
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
    /// Starts to listen. Call this before you accept the first request.
    ///
    /// # Errors
    ///
    /// If the operating system refuses the handler.
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

    /// Waits for the next signal. Several signals of one kind that come close together may count as one.
    ///
    /// Cancel safe: yes, because a signal that you have not received stays in the stream.
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
/// All clones are the same work. If you drop it, its tasks keep running.
#[derive(Clone, Debug, Default)]
pub struct Work {
    leaving: CancellationToken,
    stopping: CancellationToken,
    cut: CancellationToken,
    tasks: TaskTracker,
    aborted: Arc<AtomicUsize>,
}

impl Work {
    /// Creates a server's work, without tasks.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The answer for the health check. It is false as soon as [`Work::drain`] begins.
    #[must_use]
    pub fn is_ready(&self) -> bool {
        !self.leaving.is_cancelled()
    }

    /// A token that is cancelled when nothing new may begin. A task that only waits for its client's next request should watch it.
    #[must_use]
    pub fn stopping(&self) -> &CancellationToken {
        &self.stopping
    }

    /// Starts a task that [`Work::drain`] waits for. The output is `None` if the task was aborted.
    ///
    /// Use it also for work that continues after the answer, such as sending a mail.
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

    /// Accepts requests and starts a task for each one, until nothing new may begin or every sender is dropped.
    /// Then it drops the receiver, and so refuses the rest.
    ///
    /// Cancel safe: no, because a dropped call refuses all further requests. The accepted requests keep running.
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

    /// Ends the work step by step, and returns how many tasks had to be aborted.
    ///
    /// 1. [`Work::is_ready`] becomes false. For the time of `notice`, requests are still accepted, because a load balancer learns of it late.
    /// 2. [`Work::stopping`] is cancelled: nothing new begins.
    /// 3. Running tasks get the time of `grace` to finish.
    /// 4. The remaining tasks are aborted, and this call waits for them to end.
    ///    A task that blocks its thread can delay that. So keep listening for the second signal.
    ///
    /// Cancel safe: yes. A dropped call leaves the work in its current step. If you call this again, that step continues, and its time starts again.
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
        // A second call does not repeat a step that is over.
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

/// Waits for the program's work to end, unless another signal comes first.
///
/// Cancel safe: if `ending` is.
///
/// # Errors
///
/// The signal, if it came first. Then end the program at once.
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
