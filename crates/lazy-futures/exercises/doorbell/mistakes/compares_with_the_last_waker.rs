//! "My waker is the last one in the list": if two tasks take turns, it never is.
//!
//! Caught by: keeps one waker, however often a task polls

use std::future::poll_fn;
use std::mem::take;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Poll, Waker};

/// A bell that rings once, for everyone who waits.
#[derive(Default)]
pub struct Doorbell {
    inside: Arc<Mutex<Inside>>,
}

#[derive(Default)]
struct Inside {
    rung: bool,
    /// One waker for each task that waits.
    waiting: Vec<Waker>,
}

impl Doorbell {
    /// A bell that has not rung.
    pub fn new() -> Self {
        Self::default()
    }

    /// Rings. May be called by any task, and by a thread.
    pub fn ring(&self) {
        let mut inside = lock(&self.inside);
        inside.rung = true;
        let waiting = take(&mut inside.waiting);
        // A waker is foreign code: it is called without the lock.
        drop(inside);
        waiting.into_iter().for_each(Waker::wake);
    }

    /// Waits until the bell rings; ready at once if it has rung before.
    pub fn rung(&self) -> Pin<Box<dyn Future<Output = ()> + Send>> {
        let inside = Arc::clone(&self.inside);
        Box::pin(poll_fn(move |context| {
            let mut inside = lock(&inside);
            if inside.rung {
                return Poll::Ready(());
            }
            let waker = context.waker();
            if !inside.waiting.last().is_some_and(|known| known.will_wake(waker)) {
                inside.waiting.push(waker.clone());
            }
            Poll::Pending
        }))
    }
}

fn lock(inside: &Mutex<Inside>) -> MutexGuard<'_, Inside> {
    inside.lock().unwrap_or_else(PoisonError::into_inner)
}
