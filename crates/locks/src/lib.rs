//! Locks: which one to use, how long to hold it, and how a lock across an await affects other tasks.
//!
//! The counterpart of `asyncio.Lock`. It also covers code that needs no lock in asyncio.
//!
//! ```sh
//! cargo run -p locks
//! ```
#![doc = include_str!("../README.md")]

use std::cmp::Ordering;
use std::ops::{Deref, DerefMut};
use std::ptr;
use std::sync::{Arc, PoisonError};

use tokio::sync::{Mutex, MutexGuard, OwnedMutexGuard};
use tokio::task::JoinError;

pub mod naive;

/// How many callers wait for a connection, and how many have used it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Figures {
    /// How many callers wait for their turn now.
    pub waiting: usize,
    /// How many turns have ended.
    pub served: usize,
}

/// A connection that one task at a time may use, and figures that any code may read at any time.
///
/// It has two locks of different kinds.
/// The connection is used across awaits, so it is in a [`tokio::sync::Mutex`]. The figures are used only for a moment, so they are in a [`std::sync::Mutex`].
/// The two figures change together, so they share a lock. For a single number, use an atomic.
#[derive(Debug, Default)]
pub struct Shared<C> {
    connection: Mutex<C>,
    figures: std::sync::Mutex<Figures>,
}

impl<C> Shared<C> {
    /// Shares this connection. Put the result into an `Arc` to use it in several tasks.
    pub fn new(connection: C) -> Self {
        Self { connection: Mutex::new(connection), figures: std::sync::Mutex::default() }
    }

    /// Waits for the connection. First come, first served. The turn ends when the returned guard is dropped.
    ///
    /// It waits without a limit. To limit the wait, wrap it in a `timeout`.
    ///
    /// Cancel safe: yes, but a dropped call loses its place in the queue.
    ///
    /// Source: [`tokio::sync::Mutex::lock`](https://docs.rs/tokio/latest/tokio/sync/struct.Mutex.html#method.lock).
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() {
    /// let shared = locks::Shared::new(String::new());
    /// shared.turn().await.push_str("hello");
    /// assert_eq!(*shared.turn().await, "hello");
    /// assert_eq!(shared.figures().served, 2);
    /// # }
    /// ```
    pub async fn turn(&self) -> Turn<'_, C> {
        let _waiting = Waiting::count(self);
        Turn { connection: self.connection.lock().await, shared: self }
    }

    /// The current figures. Never waits for a turn.
    ///
    /// This is a plain `fn` without an await, so the lock is held only for a moment.
    ///
    /// Source: [`std::sync::Mutex`](https://doc.rust-lang.org/std/sync/struct.Mutex.html).
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() {
    /// let shared = locks::Shared::new("a connection");
    /// let _turn = shared.turn().await;
    /// assert_eq!(shared.figures(), locks::Figures { waiting: 0, served: 0 });
    /// # }
    /// ```
    pub fn figures(&self) -> Figures {
        let mut now = Figures::default();
        self.change(|figures| now = *figures);
        now
    }

    /// Changes the figures. The change is a plain closure, so there can be no await under this lock.
    ///
    /// A panic in another thread poisons a std lock. The figures are still correct, because each change is one step.
    fn change(&self, change: impl FnOnce(&mut Figures)) {
        change(&mut self.figures.lock().unwrap_or_else(PoisonError::into_inner));
    }
}

/// The right to use the connection, until you drop it. See [`Shared::turn`].
#[derive(Debug)]
pub struct Turn<'a, C> {
    connection: MutexGuard<'a, C>,
    shared: &'a Shared<C>,
}

impl<C> Deref for Turn<'_, C> {
    type Target = C;

    fn deref(&self) -> &C {
        &self.connection
    }
}

impl<C> DerefMut for Turn<'_, C> {
    fn deref_mut(&mut self) -> &mut C {
        &mut self.connection
    }
}

impl<C> Drop for Turn<'_, C> {
    fn drop(&mut self) {
        self.shared.change(|figures| figures.served += 1);
    }
}

/// Counts a caller as waiting. It is dropped when the turn begins, or when the caller gives up.
///
/// `drop` cannot await, so it could not lock a Tokio lock.
struct Waiting<'a, C>(&'a Shared<C>);

impl<'a, C> Waiting<'a, C> {
    fn count(shared: &'a Shared<C>) -> Self {
        shared.change(|figures| figures.waiting += 1);
        Self(shared)
    }
}

impl<C> Drop for Waiting<'_, C> {
    fn drop(&mut self) {
        self.0.change(|figures| figures.waiting -= 1);
    }
}

/// Locks two locks, always in the same order, whatever the order of the arguments. Returns `None` if both are the same lock.
///
/// If all tasks take the two locks in the same order, no two tasks can wait for each other.
/// Here it is the order of the addresses, which cannot change while the locks are borrowed. Accounts with numbers can use their numbers.
/// The guards come back in the order of the arguments.
/// If a task already holds a lock when it calls this, it may still wait for ever. So take all locks that you need in one place.
///
/// Cancel safe: yes. A dropped call holds no lock, but loses its place in the queue.
///
/// Source: [`tokio::sync::Mutex`](https://docs.rs/tokio/latest/tokio/sync/struct.Mutex.html).
///
/// ```
/// # use tokio::sync::Mutex;
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() {
/// let (a, b) = (Mutex::new(1), Mutex::new(2));
/// let (mut of_b, mut of_a) = locks::lock_both(&b, &a).await.unwrap();
/// std::mem::swap(&mut *of_a, &mut *of_b);
/// assert_eq!((*of_a, *of_b), (2, 1));
/// assert!(locks::lock_both(&a, &a).await.is_none());
/// # }
/// ```
pub async fn lock_both<'a, T>(
    one: &'a Mutex<T>,
    other: &'a Mutex<T>,
) -> Option<(MutexGuard<'a, T>, MutexGuard<'a, T>)> {
    let order = ptr::from_ref(one).cmp(&ptr::from_ref(other));
    match order {
        Ordering::Less => {
            let one = one.lock().await;
            Some((one, other.lock().await))
        }
        Ordering::Equal => None,
        Ordering::Greater => {
            let other = other.lock().await;
            Some((one.lock().await, other))
        }
    }
}

/// Locks, and then makes a change with several awaits. Cancelling the caller does not interrupt the change.
///
/// A plain future that is dropped stops at its await and drops its guard. The next holder then finds a half-done change.
/// Here an owned guard moves into a task, and the task runs to completion. The lock is held until then.
///
/// Cancel safe: if you drop the call while it waits for the lock, nothing has changed, and you lose your place in the queue.
/// If you drop it later, the change still completes.
///
/// # Errors
///
/// The change panicked, or the runtime ended before the change did.
///
/// # Panics
///
/// Outside a Tokio runtime.
///
/// Source: [`tokio::sync::Mutex::lock_owned`](https://docs.rs/tokio/latest/tokio/sync/struct.Mutex.html#method.lock_owned).
///
/// ```
/// # use std::sync::Arc;
/// # use tokio::sync::Mutex;
/// # use tokio::task::yield_now;
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), tokio::task::JoinError> {
/// let page = Arc::new(Mutex::new(Vec::new()));
/// let change = locks::change_to_the_end(Arc::clone(&page), async |mut page| {
///     page.push("head");
///     yield_now().await;
///     page.push("body");
/// });
/// change.await?;
/// assert_eq!(*page.lock().await, ["head", "body"]);
/// # Ok(()) }
/// ```
pub async fn change_to_the_end<T, F>(
    lock: Arc<Mutex<T>>,
    change: impl FnOnce(OwnedMutexGuard<T>) -> F,
) -> Result<F::Output, JoinError>
where
    F: Future<Output: Send + 'static> + Send + 'static,
{
    let guard = lock.lock_owned().await;
    tokio::spawn(change(guard)).await
}
