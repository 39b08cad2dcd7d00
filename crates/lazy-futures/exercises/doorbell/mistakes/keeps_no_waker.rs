//! "The runtime polls a pending future from time to time": it polls only what was woken.
//!
//! Caught by: wakes the task that waits

use std::future::poll_fn;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering::SeqCst};
use std::task::Poll;

pub struct Doorbell {
    rung: Arc<AtomicBool>,
}

impl Doorbell {
    pub fn new() -> Self {
        Self { rung: Arc::default() }
    }

    pub fn ring(&self) {
        self.rung.store(true, SeqCst);
    }

    pub fn rung(&self) -> Pin<Box<dyn Future<Output = ()> + Send>> {
        let rung = Arc::clone(&self.rung);
        Box::pin(poll_fn(move |_| if rung.load(SeqCst) { Poll::Ready(()) } else { Poll::Pending }))
    }
}
