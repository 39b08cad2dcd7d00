//! "A bell has one waker": each waiter replaces the one before it.
//!
//! Caught by: wakes all waiters

use std::future::poll_fn;
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Poll, Waker};

pub struct Doorbell {
    inside: Arc<Mutex<Inside>>,
}

#[derive(Default)]
struct Inside {
    rung: bool,
    waiting: Option<Waker>,
}

impl Doorbell {
    pub fn new() -> Self {
        Self { inside: Arc::default() }
    }

    pub fn ring(&self) {
        let mut inside = self.inside.lock().unwrap();
        inside.rung = true;
        let waiting = inside.waiting.take();
        drop(inside);
        if let Some(waker) = waiting {
            waker.wake()
        }
    }

    pub fn rung(&self) -> Pin<Box<dyn Future<Output = ()> + Send>> {
        let inside = Arc::clone(&self.inside);
        Box::pin(poll_fn(move |context| {
            let mut inside = inside.lock().unwrap();
            if inside.rung {
                return Poll::Ready(());
            }
            inside.waiting = Some(context.waker().clone());
            Poll::Pending
        }))
    }
}
