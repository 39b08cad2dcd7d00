//! A doorbell. README.md beside this file describes the task.

use std::pin::Pin;

/// A bell that rings once, for all waiters. Add the fields that it needs.
pub struct Doorbell {}

impl Doorbell {
    /// A bell that has not rung.
    pub fn new() -> Self {
        Self {}
    }

    /// Rings. Any task may call it, and also a thread outside the runtime.
    pub fn ring(&self) {
        todo!()
    }

    /// Waits until the bell rings. Ready at the first poll if the bell has rung before.
    ///
    /// `Box::pin(std::future::poll_fn(move |context| ...))` makes such a future.
    pub fn rung(&self) -> Pin<Box<dyn Future<Output = ()> + Send>> {
        todo!()
    }
}
