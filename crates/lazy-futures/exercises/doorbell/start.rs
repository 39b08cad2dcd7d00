//! A doorbell: README.md beside this file says what is wanted.

use std::pin::Pin;

/// A bell that rings once, for everyone who waits; give it what it needs.
pub struct Doorbell {}

impl Doorbell {
    /// A bell that has not rung.
    pub fn new() -> Self {
        Self {}
    }

    /// Rings. May be called by any task, and by a thread.
    pub fn ring(&self) {
        todo!()
    }

    /// Waits until the bell rings; ready at once if it has rung before.
    ///
    /// `Box::pin(std::future::poll_fn(move |context| ...))` makes such a future.
    pub fn rung(&self) -> Pin<Box<dyn Future<Output = ()> + Send>> {
        todo!()
    }
}
