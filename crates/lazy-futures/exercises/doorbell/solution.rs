//! One good answer.

use std::future::poll_fn;
use std::mem::take;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Poll, Waker};

/// A bell that rings once, for all waiters.
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

    /// Rings. Any task may call it, and also a thread outside the runtime.
    pub fn ring(&self) {
        let mut inside = lock(&self.inside);
        inside.rung = true;
        let waiting = take(&mut inside.waiting);
        // A waker is foreign code, so call it without the lock.
        drop(inside);
        waiting.into_iter().for_each(Waker::wake);
    }

    /// Waits until the bell rings. Ready at the first poll if the bell has rung before.
    pub fn rung(&self) -> Pin<Box<dyn Future<Output = ()> + Send>> {
        let inside = Arc::clone(&self.inside);
        Box::pin(poll_fn(move |context| {
            let mut inside = lock(&inside);
            if inside.rung {
                return Poll::Ready(());
            }
            let waker = context.waker();
            if !inside.waiting.iter().any(|known| known.will_wake(waker)) {
                inside.waiting.push(waker.clone());
            }
            Poll::Pending
        }))
    }
}

fn lock(inside: &Mutex<Inside>) -> MutexGuard<'_, Inside> {
    inside.lock().unwrap_or_else(PoisonError::into_inner)
}
