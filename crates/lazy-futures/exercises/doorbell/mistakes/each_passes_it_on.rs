//! "Each waiter wakes the next one": a dropped waiter breaks the chain.
//!
//! Caught by: wakes each waiter, even if others were polled or dropped

use std::collections::BTreeMap;
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
    numbers: usize,
    waiting: BTreeMap<usize, Waker>,
}

impl Inside {
    fn wake_the_next(&mut self) {
        if let Some((_, waker)) = self.waiting.pop_first() {
            waker.wake();
        }
    }
}

impl Doorbell {
    pub fn new() -> Self {
        Self { inside: Arc::default() }
    }

    pub fn ring(&self) {
        let mut inside = self.inside.lock().unwrap();
        inside.rung = true;
        inside.wake_the_next();
    }

    pub fn rung(&self) -> Pin<Box<dyn Future<Output = ()> + Send>> {
        let inside = Arc::clone(&self.inside);
        let number = {
            let mut inside = inside.lock().unwrap();
            inside.numbers += 1;
            inside.numbers
        };
        Box::pin(poll_fn(move |context| {
            let mut inside = inside.lock().unwrap();
            if inside.rung {
                inside.wake_the_next();
                return Poll::Ready(());
            }
            inside.waiting.insert(number, context.waker().clone());
            Poll::Pending
        }))
    }
}
