//! A signal that is given once: an event by hand.

use std::future::poll_fn;
use std::mem::take;
use std::sync::PoisonError;
use std::task::{Poll, Waker};

use crate::sync::{Mutex, MutexGuard};

/// A signal that is given once, by any thread, for all who wait.
///
/// A hand-made example of code that threads share. In your own code take [`tokio::sync::SetOnce`] or [`tokio::sync::Notify`].
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
    /// Gives the signal, and wakes everyone who waits.
    pub fn give(&self) {
        let mut inside = self.lock();
        inside.given = true;
        let waiting = take(&mut inside.waiting);
        // A waker is foreign code: it is called without the lock.
        drop(inside);
        waiting.into_iter().for_each(Waker::wake);
    }

    /// Waits for the signal; ready at once if it was given before.
    ///
    /// Cancel safe: yes.
    pub async fn wait(&self) {
        poll_fn(|context| {
            // The look and the note are one step: no signal fits in between.
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
