//! What the answer of `task-group/all_or_none` is given.

use std::sync::Arc;

use exam::{Failure, Service};
use tokio::sync::Semaphore;

/// A step of a trip, which holds a line of the agency while it runs; clones are the same step.
#[derive(Clone, Debug)]
pub struct Step {
    pub(super) service: Service,
    pub(super) lines: Arc<Semaphore>,
}

impl Step {
    /// Books this part of the trip.
    ///
    /// # Errors
    ///
    /// What the service says when it fails.
    pub fn run(&self) -> impl Future<Output = Result<String, Failure>> + Send + use<> {
        let (call, lines) = (self.service.ask(), Arc::clone(&self.lines));
        async move {
            let _mine = lines.acquire_owned().await;
            call.await
        }
    }
}
