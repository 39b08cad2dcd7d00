//! The event loop: `await` hands control to it. This crate has its own loop, which runs real futures.
//!
//! The counterpart of `asyncio.run`, `create_task`, `asyncio.sleep` and `BaseEventLoop._run_once`.
//!
//! ```sh
//! cargo run -p event-loop
//! ```
#![doc = include_str!("../README.md")]

use std::any::Any;
use std::cell::RefCell;
use std::future::poll_fn;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::{Pin, pin};
use std::rc::Rc;
use std::task::{Context, Poll, ready};
use std::time::{Duration, Instant};

use tokio::sync::oneshot;

pub mod naive;
mod run_once;
pub mod steps;

use run_once::{Loop, TimerKey};

thread_local! {
    /// The loop that currently runs on this thread.
    static CURRENT: RefCell<Option<Rc<Loop>>> = const { RefCell::new(None) };
}

/// The figures of one step of the loop.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Step {
    /// How long the thread slept because no task was ready.
    pub slept: Duration,
    /// How long all polls took together.
    pub worked: Duration,
    /// How many timers were due.
    pub due: usize,
    /// How many polls there were: one for each task that was ready when the step began.
    pub polls: usize,
}

/// Runs a future to completion on this thread, together with all tasks that it spawns. Then drops the tasks that are left.
///
/// The counterpart of `asyncio.run`, with two differences: it drops the tasks that are left instead of cancelling them, and the future may borrow.
/// It runs every future that needs only a waker, such as Tokio's channels.
/// A future that needs a driver of Tokio's runtime (a timer or a socket) panics here.
///
/// # Panics
///
/// If the future panics, or if a loop of this crate already runs on this thread.
///
/// Source: `BaseEventLoop._run_once` in [`Lib/asyncio/base_events.py`](https://github.com/python/cpython/blob/3.13/Lib/asyncio/base_events.py).
///
/// ```
/// # fn main() -> Result<(), event_loop::JoinError> {
/// let two = event_loop::block_on(async { event_loop::spawn(async { 2 }).await })?;
/// assert_eq!(two, 2);
/// # Ok(()) }
/// ```
pub fn block_on<F: Future>(future: F) -> F::Output {
    block_on_watched(future, |_| ())
}

/// Like [`block_on`], but also calls `watch` after each step of the loop, including the last one.
///
/// # Panics
///
/// Like [`block_on`], and if `watch` panics.
///
/// ```
/// let mut polls = 0;
/// event_loop::block_on_watched(event_loop::yield_now(), |step| polls += step.polls);
/// assert_eq!(polls, 2);
/// ```
pub fn block_on_watched<F: Future>(future: F, mut watch: impl FnMut(Step)) -> F::Output {
    let running = Running::enter();
    let mut main = pin!(future);
    loop {
        let (step, output) = running.0.run_once(main.as_mut());
        watch(step);
        if let Some(output) = output {
            return output;
        }
    }
}

/// Makes a loop the current loop of its thread. Ends it on drop, also after a panic.
struct Running(Rc<Loop>);

impl Running {
    fn enter() -> Self {
        let new = Rc::new(Loop::new());
        CURRENT.with_borrow_mut(|current| {
            assert!(current.is_none(), "an event loop runs on this thread already: await the future instead");
            *current = Some(Rc::clone(&new));
        });
        Self(new)
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        /// Runs also if a task panics on drop, so that the thread can run another loop afterwards.
        struct Reset;

        impl Drop for Reset {
            fn drop(&mut self) {
                CURRENT.set(None);
            }
        }

        // The tasks are dropped first, because their values may access the current loop on drop.
        let _reset = Reset;
        self.0.end();
    }
}

/// The current loop of this thread.
#[track_caller]
fn current() -> Rc<Loop> {
    CURRENT.with_borrow(|current| match current {
        Some(current) => Rc::clone(current),
        None => panic!("there is no event loop on this thread: call this inside of `event_loop::block_on`"),
    })
}

/// Starts a task. The loop polls the future for the first time in its next step.
/// The future need not be `Send`, because the loop has one thread.
///
/// The counterpart of `asyncio.create_task`. If you drop the handle, the task keeps running, because the loop owns it.
/// If you spawn a task while the loop ends, the task is dropped and does not run.
///
/// # Panics
///
/// Outside of [`block_on`].
///
/// ```
/// event_loop::block_on(async {
///     let panics = event_loop::spawn(async { panic!("boom") });
///     assert!(matches!(panics.await, Err(event_loop::JoinError::Panicked(_))));
/// });
/// ```
#[track_caller]
pub fn spawn<F: Future<Output: 'static> + 'static>(future: F) -> JoinHandle<F::Output> {
    let (sends, result) = oneshot::channel();
    let mut future = Box::pin(future);
    let task = async move {
        // A panic ends its task, not the loop.
        let polled = |context: &mut Context<'_>| match catch_unwind(AssertUnwindSafe(|| future.as_mut().poll(context)))
        {
            Ok(polled) => polled.map(Ok),
            Err(panic) => Poll::Ready(Err(JoinError::Panicked(panic))),
        };
        let mut ended = poll_fn(polled).await;
        // A future may also panic on drop.
        if let Err(panic) = catch_unwind(AssertUnwindSafe(|| drop(future))) {
            ended = ended.and(Err(JoinError::Panicked(panic)));
        }
        // If the handle was dropped, the result is not needed.
        let _ = sends.send(ended);
    };
    current().add(Box::pin(task));
    JoinHandle(result)
}

/// Waits for a task to end, and returns its result. [`spawn`] makes it.
///
/// Cancel safe: yes. If you drop the handle, the task is detached and keeps running.
#[derive(Debug)]
#[must_use = "a dropped handle tells you neither the result nor the panic: await it, or keep it"]
pub struct JoinHandle<T>(oneshot::Receiver<Result<T, JoinError>>);

impl<T> Future for JoinHandle<T> {
    type Output = Result<T, JoinError>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let ended = ready!(Pin::new(&mut self.0).poll(context));
        Poll::Ready(ended.unwrap_or(Err(JoinError::Dropped)))
    }
}

/// Why a task has no result.
#[derive(Debug, thiserror::Error)]
pub enum JoinError {
    /// The task panicked, with this payload.
    #[error("the task panicked")]
    Panicked(Box<dyn Any + Send>),
    /// The loop ended before the task did.
    #[error("the loop ended before the task")]
    Dropped,
}

/// Waits for this duration. See [`sleep_until`].
pub fn sleep(duration: Duration) -> Sleep {
    // The clock cannot show such a late time. Wait for thirty years instead.
    const FAR: Duration = Duration::from_hours(262_800);
    let now = Instant::now();
    sleep_until(now.checked_add(duration).unwrap_or(now + FAR))
}

/// Waits until this instant, with a timer of the loop.
///
/// The counterpart of `loop.call_at`. To cancel the timer, drop the future: the loop removes the timer at once.
///
/// Cancel safe: yes.
///
/// # Panics
///
/// If it is polled outside of [`block_on`] before that instant.
///
/// ```
/// use std::time::{Duration, Instant};
///
/// let deadline = Instant::now() + Duration::from_millis(2);
/// event_loop::block_on(event_loop::sleep_until(deadline));
/// assert!(Instant::now() >= deadline);
/// ```
pub fn sleep_until(deadline: Instant) -> Sleep {
    Sleep { deadline, timer: None }
}

/// A future that becomes ready at a given instant. [`sleep`] and [`sleep_until`] make it.
#[derive(Debug)]
#[must_use = "futures do nothing unless you `.await` or poll them"]
pub struct Sleep {
    deadline: Instant,
    /// The timer, and the loop that has it.
    timer: Option<(Rc<Loop>, TimerKey)>,
}

impl Future for Sleep {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        if Instant::now() >= self.deadline {
            return Poll::Ready(());
        }
        let deadline = self.deadline;
        // A loop that has ended fires no timers. If the sleep has outlived its loop, it gets a timer in the current loop.
        let is_foreign = |(owner, _): &mut (Rc<Loop>, TimerKey)| !Rc::ptr_eq(owner, &current());
        if let Some((owner, key)) = self.timer.take_if(is_foreign) {
            owner.take_timer_back(key);
        }
        let (owner, key) = self.timer.get_or_insert_with(|| {
            let owner = current();
            let key = owner.new_timer(deadline);
            (owner, key)
        });
        // At every poll, because another task may poll it now than last time.
        owner.set_timer(*key, context.waker().clone());
        Poll::Pending
    }
}

impl Drop for Sleep {
    fn drop(&mut self) {
        if let Some((owner, key)) = self.timer.take() {
            owner.take_timer_back(key);
        }
    }
}

/// Lets the other ready tasks run first.
///
/// The counterpart of `asyncio.sleep(0)`. In Tokio, use [`tokio::task::yield_now`].
///
/// Cancel safe: yes.
///
/// ```
/// event_loop::block_on(event_loop::yield_now());
/// ```
pub async fn yield_now() {
    let mut yielded = false;
    poll_fn(|context| {
        if yielded {
            return Poll::Ready(());
        }
        yielded = true;
        context.waker().wake_by_ref();
        Poll::Pending
    })
    .await;
}

/// Does a long job in pieces, and lets the other tasks run after each piece.
///
/// Cancel safe: no. If you drop it, the remaining pieces are not done.
///
/// ```
/// let mut done = Vec::new();
/// event_loop::block_on(event_loop::in_turns(1..=3, |piece| done.push(piece)));
/// assert_eq!(done, [1, 2, 3]);
/// ```
pub async fn in_turns<T>(pieces: impl IntoIterator<Item = T>, mut work: impl FnMut(T)) {
    for piece in pieces {
        work(piece);
        yield_now().await;
    }
}
