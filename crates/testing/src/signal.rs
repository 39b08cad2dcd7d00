//! A signal that is given once: a hand-written event.

use std::future::poll_fn;
use std::mem::take;
use std::sync::PoisonError;
use std::task::{Poll, Waker};

use crate::sync::{Mutex, MutexGuard};

/// A signal that any thread can give once. It wakes all waiting futures.
///
/// It is a hand-written example of code that threads share. In your own code, use [`tokio::sync::SetOnce`] or [`tokio::sync::Notify`].
///
/// Source: [`Waker`].
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() {
/// let signal = testing::Signal::default();
/// let waits = async { signal.wait().await };
/// tokio::join!(waits, async { signal.give() });
/// # }
/// ```
#[derive(Debug, Default)]
pub struct Signal {
    inside: Mutex<Inside>,
}

#[derive(Debug, Default)]
struct Inside {
    given: bool,
    waiting: Vec<Waker>,
}

impl Signal {
    /// Gives the signal, and wakes all waiting futures.
    pub fn give(&self) {
        let mut inside = self.lock();
        inside.given = true;
        let waiting = take(&mut inside.waiting);
        // A waker is foreign code, so it is called without the lock.
        drop(inside);
        waiting.into_iter().for_each(Waker::wake);
    }

    /// Waits for the signal. It is ready at once if the signal was given before.
    ///
    /// Cancel safe: yes.
    pub async fn wait(&self) {
        poll_fn(|context| {
            // It checks the signal and stores the waker under one lock, so no signal can come in between.
            let mut inside = self.lock();
            if inside.given {
                return Poll::Ready(());
            }
            if !inside.waiting.iter().any(|known| known.will_wake(context.waker())) {
                inside.waiting.push(context.waker().clone());
            }
            Poll::Pending
        })
        .await;
    }

    fn lock(&self) -> MutexGuard<'_, Inside> {
        self.inside.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
