//! The versions that go wrong.

use std::ops::{Deref, DerefMut};
use std::sync::Arc;

use tokio::sync::{Mutex, MutexGuard, OwnedMutexGuard};
use tokio::task::{JoinError, yield_now};

use crate::Figures;

/// Goes wrong: one lock for everything. To read the figures, a caller must wait for the connection.
#[derive(Debug, Default)]
pub struct Shared<C> {
    everything: Mutex<(C, Figures)>,
}

impl<C> Shared<C> {
    /// Like [`crate::Shared::new`].
    pub fn new(connection: C) -> Self {
        Self { everything: Mutex::new((connection, Figures::default())) }
    }

    /// Like [`crate::Shared::turn`]. It cannot count the waiting callers: to change the figures, it would need the lock that it waits for.
    pub async fn turn(&self) -> Turn<'_, C> {
        Turn(self.everything.lock().await)
    }

    /// The figures. It waits until all earlier callers have had their turn.
    pub async fn figures(&self) -> Figures {
        self.everything.lock().await.1
    }
}

/// Like [`crate::Turn`].
#[derive(Debug)]
pub struct Turn<'a, C>(MutexGuard<'a, (C, Figures)>);

impl<C> Deref for Turn<'_, C> {
    type Target = C;

    fn deref(&self) -> &C {
        &self.0.0
    }
}

impl<C> DerefMut for Turn<'_, C> {
    fn deref_mut(&mut self) -> &mut C {
        &mut self.0.0
    }
}

impl<C> Drop for Turn<'_, C> {
    fn drop(&mut self) {
        self.0.1.served += 1;
    }
}

/// Goes wrong: it locks in the order of its arguments, with an await in between.
/// Two tasks that lock in opposite orders wait for each other for ever.
pub async fn lock_both<'a, T>(
    one: &'a Mutex<T>,
    other: &'a Mutex<T>,
) -> Option<(MutexGuard<'a, T>, MutexGuard<'a, T>)> {
    let one = one.lock().await;
    yield_now().await;
    Some((one, other.lock().await))
}

/// Goes wrong: the change is part of the caller's future. A cancelled caller leaves the change half done, and releases the lock.
///
/// # Errors
///
/// None.
pub async fn change_to_the_end<T, F: Future>(
    lock: Arc<Mutex<T>>,
    change: impl FnOnce(OwnedMutexGuard<T>) -> F,
) -> Result<F::Output, JoinError> {
    let guard = lock.lock_owned().await;
    Ok(change(guard).await)
}
