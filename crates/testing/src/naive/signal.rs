//! A signal that is sometimes lost.

use std::future::poll_fn;
use std::mem::take;
use std::sync::PoisonError;
use std::task::{Poll, Waker};

use crate::sync::{AtomicBool, Mutex, Ordering};

/// Goes wrong: it checks the signal, and stores its waker in a second step. A signal in between wakes nothing.
#[derive(Debug, Default)]
pub struct Signal {
    given: AtomicBool,
    waiting: Mutex<Vec<Waker>>,
}

impl Signal {
    /// Gives the signal, and wakes all waiting futures.
    pub fn give(&self) {
        self.given.store(true, Ordering::SeqCst);
        let waiting = take(&mut *self.waiting.lock().unwrap_or_else(PoisonError::into_inner));
        waiting.into_iter().for_each(Waker::wake);
    }

    /// Waits for the signal. It is ready at once if the signal was given before.
    pub async fn wait(&self) {
        poll_fn(|context| {
            if self.given.load(Ordering::SeqCst) {
                return Poll::Ready(());
            }
            self.waiting.lock().unwrap_or_else(PoisonError::into_inner).push(context.waker().clone());
            Poll::Pending
        })
        .await;
    }
}
