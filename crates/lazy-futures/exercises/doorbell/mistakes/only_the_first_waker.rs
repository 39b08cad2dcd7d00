//! "A future belongs to one task": it moves to another task, and that task's waker is not kept.
//!
//! Caught by: wakes each waiter, even if others were polled or dropped

use std::future::poll_fn;
use std::mem::take;
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
        let waiting = take(&mut inside.waiting);
        drop(inside);
        waiting.into_iter().for_each(Waker::wake);
    }

    pub fn rung(&self) -> Pin<Box<dyn Future<Output = ()> + Send>> {
        let inside = Arc::clone(&self.inside);
        let mut kept = false;
        Box::pin(poll_fn(move |context| {
            let mut inside = inside.lock().unwrap();
            if inside.rung {
                return Poll::Ready(());
            }
            if !kept {
                inside.waiting.push(context.waker().clone());
                kept = true;
            }
            Poll::Pending
        }))
    }
}
