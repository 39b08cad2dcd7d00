//! Lazy futures: what a call of an `async fn` returns, how to run it, and how to write a future by hand.
//!
//! The counterpart of `async def`, `await`, `inspect.getcoroutinestate` and `loop.create_future`.
//!
//! ```sh
//! cargo run -p lazy-futures
//! ```
#![doc = include_str!("../README.md")]

use std::fmt;
use std::future::poll_fn;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};

use tokio::task::JoinHandle;

pub mod naive;

/// The state of a future, in the terms of Python's `inspect.getcoroutinestate`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// It was created, and nothing has polled it. None of its code has run.
    Created,
    /// It is being polled: its code runs now.
    Running,
    /// Its last poll returned `Pending`: it waits at an await.
    Suspended,
    /// It has returned, has panicked or was dropped.
    Closed,
}

impl fmt::Display for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Created => "created",
            Self::Running => "running",
            Self::Suspended => "suspended",
            Self::Closed => "closed",
        })
    }
}

/// Reports the [`State`] of one future, wherever that future is. [`watch`] makes it.
#[derive(Clone, Debug)]
pub struct Life(Arc<Mutex<State>>);

impl Life {
    /// The state at this moment. A future on another thread may already be in a later state when you look at the answer.
    #[must_use]
    pub fn state(&self) -> State {
        *lock(&self.0)
    }

    fn becomes(&self, state: State) {
        *lock(&self.0) = state;
    }
}

/// A future whose state a [`Life`] reports. [`watch`] makes it.
#[derive(Debug)]
#[must_use = "futures do nothing unless you `.await` or poll them"]
pub struct Watched<F> {
    // The future is in a box, and moving the box does not move the future. So this type needs no pinning and no `unsafe`.
    future: Pin<Box<F>>,
    life: Life,
}

/// Wraps a future so that you can see its state from outside. Also returns the [`Life`] that reports the state.
///
/// Cancel safe: yes if `future` is.
///
/// Source: [`Future::poll`](https://doc.rust-lang.org/std/future/trait.Future.html#tymethod.poll).
///
/// ```
/// use lazy_futures::{State, watch};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() {
/// let (answer, life) = watch(async { 42 });
/// assert_eq!(life.state(), State::Created);
/// assert_eq!(answer.await, 42);
/// assert_eq!(life.state(), State::Closed);
/// # }
/// ```
pub fn watch<F: Future>(future: F) -> (Watched<F>, Life) {
    let life = Life(Arc::new(Mutex::new(State::Created)));
    (Watched { future: Box::pin(future), life: life.clone() }, life)
}

impl<F: Future> Future for Watched<F> {
    type Output = F::Output;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<F::Output> {
        let Self { future, life } = self.get_mut();
        life.becomes(State::Running);
        let polled = catch_unwind(AssertUnwindSafe(|| future.as_mut().poll(context)));
        life.becomes(if matches!(polled, Ok(Poll::Pending)) { State::Suspended } else { State::Closed });
        polled.unwrap_or_else(|panic| resume_unwind(panic))
    }
}

impl<F> Drop for Watched<F> {
    fn drop(&mut self) {
        self.life.becomes(State::Closed);
    }
}

/// Starts a future in its own task, so that it runs whether or not you await the handle.
///
/// This is [`tokio::spawn`] with `#[must_use]`: rustc warns if a statement does not use the handle.
/// Only the handle tells you about a panic.
///
/// # Panics
///
/// Outside a Tokio runtime.
///
/// Source: [`tokio::spawn`](https://docs.rs/tokio/latest/tokio/task/fn.spawn.html).
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), tokio::task::JoinError> {
/// let posted = lazy_futures::post(async { 42 });
/// assert_eq!(posted.await?, 42);
/// # Ok(()) }
/// ```
#[must_use = "a dropped handle tells you neither the result nor the panic: await it, or keep it"]
pub fn post<F>(letter: F) -> JoinHandle<F::Output>
where
    F: Future<Output: Send + 'static> + Send + 'static,
{
    tokio::spawn(letter)
}

/// Returns `Pending` at its first poll, and is ready at the second. On one thread, the other ready tasks run once in between.
///
/// It is one closure in [`poll_fn`]. It wakes itself once, before it returns `Pending`.
/// In your own code, use [`tokio::task::yield_now`], which lets more tasks run before it continues.
///
/// Cancel safe: yes.
///
/// Source: [`std::future::poll_fn`](https://doc.rust-lang.org/std/future/fn.poll_fn.html).
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() {
/// lazy_futures::yield_once().await;
/// # }
/// ```
pub fn yield_once() -> impl Future<Output = ()> {
    let mut yielded = false;
    poll_fn(move |context| {
        if yielded {
            return Poll::Ready(());
        }
        yielded = true;
        context.waker().wake_by_ref();
        Poll::Pending
    })
}

/// A box for one letter, and a hand-written future that waits for the letter.
///
/// In your own code, use [`tokio::sync::oneshot`], which also tells the receiver when the sender was dropped.
///
/// Source: the contract of [`Future::poll`](https://doc.rust-lang.org/std/future/trait.Future.html#tymethod.poll).
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() {
/// let (slot, arrival) = lazy_futures::letterbox();
/// tokio::spawn(async move { slot.deliver("yes") });
/// assert_eq!(arrival.await, "yes");
/// # }
/// ```
pub fn letterbox<T>() -> (Slot<T>, Arrival<T>) {
    let inside = Arc::new(Mutex::new(Inside { letter: None, waker: None }));
    (Slot(Arc::clone(&inside)), Arrival(inside))
}

/// The state that the two sides of a letterbox share.
#[derive(Debug)]
struct Inside<T> {
    letter: Option<T>,
    /// Wakes the task that polled the [`Arrival`] last.
    waker: Option<Waker>,
}

/// The sending side of a [`letterbox`].
#[derive(Debug)]
pub struct Slot<T>(Arc<Mutex<Inside<T>>>);

impl<T> Slot<T> {
    /// Delivers the letter, and wakes the task that waits for it. You can call it on any thread, also before the first poll.
    pub fn deliver(self, letter: T) {
        let mut inside = lock(&self.0);
        inside.letter = Some(letter);
        let waker = inside.waker.take();
        // A waker is foreign code. Do not call it while you hold a lock.
        drop(inside);
        if let Some(waker) = waker {
            waker.wake();
        }
    }
}

/// Waits for the letter of a [`letterbox`].
///
/// After it has returned the letter, or if its [`Slot`] was dropped, it waits for ever.
///
/// Cancel safe: yes, because a letter stays in the box until a poll returns it.
#[derive(Debug)]
#[must_use = "futures do nothing unless you `.await` or poll them"]
pub struct Arrival<T>(Arc<Mutex<Inside<T>>>);

impl<T> Future for Arrival<T> {
    type Output = T;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<T> {
        let mut inside = lock(&self.0);
        if let Some(letter) = inside.letter.take() {
            return Poll::Ready(letter);
        }
        // At every poll, because another task may poll it now than last time.
        let replaced = inside.waker.replace(context.waker().clone());
        // Dropping a waker also calls foreign code.
        drop(inside);
        drop(replaced);
        Poll::Pending
    }
}

/// Locks the state. Use the guard only for a few lines without an await.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
