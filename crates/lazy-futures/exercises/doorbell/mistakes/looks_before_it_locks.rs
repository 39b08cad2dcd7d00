//! "First I check the flag, then I add my waker to the list": if the bell rings in between, it does not wake this waker.
//!
//! Caught by: loses no ring that comes while a task polls

use std::future::poll_fn;
use std::mem::take;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, Ordering::SeqCst};
use std::sync::{Arc, Mutex};
use std::task::{Poll, Waker};

pub struct Doorbell {
    inside: Arc<Inside>,
}

#[derive(Default)]
struct Inside {
    rung: AtomicBool,
    waiting: Mutex<Vec<Waker>>,
}

impl Doorbell {
    pub fn new() -> Self {
        Self { inside: Arc::default() }
    }

    pub fn ring(&self) {
        self.inside.rung.store(true, SeqCst);
        let waiting = take(&mut *self.inside.waiting.lock().unwrap());
        waiting.into_iter().for_each(Waker::wake);
    }

    pub fn rung(&self) -> Pin<Box<dyn Future<Output = ()> + Send>> {
        let inside = Arc::clone(&self.inside);
        Box::pin(poll_fn(move |context| {
            if inside.rung.load(SeqCst) {
                return Poll::Ready(());
            }
            let waker = context.waker().clone();
            let mut waiting = inside.waiting.lock().unwrap();
            if !waiting.iter().any(|known| known.will_wake(&waker)) {
                waiting.push(waker);
            }
            Poll::Pending
        }))
    }
}
