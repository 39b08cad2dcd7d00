//! "A pending future asks to be polled again": it keeps a core busy until the bell rings.
//!
//! Caught by: does nothing before the bell rings

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
        Box::pin(poll_fn(move |context| {
            if rung.load(SeqCst) {
                return Poll::Ready(());
            }
            context.waker().wake_by_ref();
            Poll::Pending
        }))
    }
}
