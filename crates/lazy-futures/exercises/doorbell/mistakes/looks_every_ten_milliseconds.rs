//! "I check from time to time": a timer wakes the task a hundred times a second, and it still notices the ring late.
//!
//! Caught by: does nothing before the bell rings

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering::SeqCst};
use std::time::Duration;

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
        Box::pin(async move {
            while !rung.load(SeqCst) {
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
        })
    }
}
