//! "There is only one waiter": a second one is a bug, and panics.
//!
//! Caught by: wakes all waiters

use std::future::poll_fn;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Poll, Waker};

#[derive(Default)]
pub struct Doorbell {
    inside: Arc<Mutex<(bool, Option<Waker>)>>,
}

impl Doorbell {
    pub fn new() -> Self {
        Self::default()
    }

    pub fn ring(&self) {
        let waiting = {
            let mut inside = self.inside.lock().unwrap_or_else(PoisonError::into_inner);
            inside.0 = true;
            inside.1.take()
        };
        if let Some(waker) = waiting {
            waker.wake();
        }
    }

    pub fn rung(&self) -> Pin<Box<dyn Future<Output = ()> + Send>> {
        let inside = Arc::clone(&self.inside);
        Box::pin(poll_fn(move |context| {
            let mut inside = inside.lock().unwrap_or_else(PoisonError::into_inner);
            if inside.0 {
                return Poll::Ready(());
            }
            let known = inside.1.get_or_insert_with(|| context.waker().clone());
            assert!(known.will_wake(context.waker()), "somebody else waits");
            Poll::Pending
        }))
    }
}
