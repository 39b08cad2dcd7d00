//! What the answer of `rate-limit/ten_a_second` is given.

use std::time::Duration;

use exam::Service;
use tokio::sync::oneshot;

/// A request for the backend.
#[derive(Debug)]
pub struct Call {
    /// What is asked for.
    pub id: u32,
    /// How long the caller would wait for the start.
    pub patience: Duration,
    /// Where the answer goes.
    pub reply: oneshot::Sender<Result<String, Busy>>,
}

/// The call would have to wait too long.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Busy {
    /// How long it would have to wait.
    pub retry_after: Duration,
}

/// Allows ten calls a second; clones are the same backend.
#[derive(Clone, Debug)]
pub struct Backend(pub(super) Service);

impl Backend {
    /// Asks the backend. It takes its time.
    pub fn ask(&self, id: u32) -> impl Future<Output = String> + Send + use<> {
        let call = self.0.call(&id.to_string());
        async move {
            // The script has no failures.
            _ = call.await;
            format!("answer {id}")
        }
    }
}
