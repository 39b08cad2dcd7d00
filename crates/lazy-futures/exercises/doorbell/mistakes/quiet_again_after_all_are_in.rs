//! "When all waiters have gone on, I reset the flag": a later waiter waits for ever.
//!
//! Caught by: stays rung for later waiters

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
    not_yet_in: usize,
}

impl Doorbell {
    pub fn new() -> Self {
        Self { inside: Arc::default() }
    }

    pub fn ring(&self) {
        let mut inside = self.inside.lock().unwrap();
        inside.rung = true;
        let waiting = take(&mut inside.waiting);
        inside.not_yet_in = waiting.len();
        drop(inside);
        waiting.into_iter().for_each(Waker::wake);
    }

    pub fn rung(&self) -> Pin<Box<dyn Future<Output = ()> + Send>> {
        let inside = Arc::clone(&self.inside);
        Box::pin(poll_fn(move |context| {
            let mut inside = inside.lock().unwrap();
            if inside.rung {
                inside.not_yet_in = inside.not_yet_in.saturating_sub(1);
                inside.rung = inside.not_yet_in > 0;
                return Poll::Ready(());
            }
            if !inside.waiting.iter().any(|known| known.will_wake(context.waker())) {
                inside.waiting.push(context.waker().clone());
            }
            Poll::Pending
        }))
    }
}
