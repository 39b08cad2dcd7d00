//! "A ring wakes a waiter": only one of them is woken.
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
    waiting: Vec<Waker>,
}

impl Doorbell {
    pub fn new() -> Self {
        Self { inside: Arc::default() }
    }

    pub fn ring(&self) {
        let mut inside = self.inside.lock().unwrap();
        inside.rung = true;
        let waiting = inside.waiting.pop();
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
            if !inside.waiting.iter().any(|known| known.will_wake(context.waker())) {
                inside.waiting.push(context.waker().clone());
            }
            Poll::Pending
        }))
    }
}
