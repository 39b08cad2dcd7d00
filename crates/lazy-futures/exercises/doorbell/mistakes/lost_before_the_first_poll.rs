//! "A ring is only a wake": no task waits yet, and a later waiter cannot see that the bell rang.
//!
//! Caught by: is ready if the bell rang before the first poll

use std::future::poll_fn;
use std::mem::take;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, Ordering::SeqCst};
use std::sync::{Arc, Mutex};
use std::task::{Poll, Waker};

pub struct Doorbell {
    waiting: Arc<Mutex<Vec<(Waker, Arc<AtomicBool>)>>>,
}

impl Doorbell {
    pub fn new() -> Self {
        Self { waiting: Arc::default() }
    }

    pub fn ring(&self) {
        for (waker, woken) in take(&mut *self.waiting.lock().unwrap()) {
            woken.store(true, SeqCst);
            waker.wake();
        }
    }

    pub fn rung(&self) -> Pin<Box<dyn Future<Output = ()> + Send>> {
        let waiting = Arc::clone(&self.waiting);
        let woken = Arc::new(AtomicBool::new(false));
        Box::pin(poll_fn(move |context| {
            if woken.load(SeqCst) {
                return Poll::Ready(());
            }
            waiting.lock().unwrap().push((context.waker().clone(), Arc::clone(&woken)));
            Poll::Pending
        }))
    }
}
