//! The version that goes wrong.

use std::future::Future;
use std::mem::take;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::mpsc;
use tokio::task::JoinHandle;

use crate::Signal;

/// Goes wrong in four ways: it stays ready, it accepts new requests while it shuts down, it waits without a limit,
/// and it does not wait for the tasks that a request has started.
#[derive(Clone, Debug, Default)]
pub struct Work {
    requests: Arc<Mutex<Vec<JoinHandle<()>>>>,
}

impl Work {
    /// Creates a server's work, without tasks.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Always true.
    #[must_use]
    pub fn is_ready(&self) -> bool {
        true
    }

    /// Starts a task that nothing waits for.
    ///
    /// # Panics
    ///
    /// Outside a Tokio runtime.
    pub fn spawn<F>(&self, future: F) -> JoinHandle<F::Output>
    where
        F: Future<Output: Send + 'static> + Send + 'static,
    {
        tokio::spawn(future)
    }

    /// Accepts requests until every sender is dropped, also during the shutdown.
    ///
    /// # Panics
    ///
    /// Outside a Tokio runtime.
    pub async fn take<R, F>(&self, mut requests: mpsc::Receiver<R>, handle: impl Fn(R) -> F)
    where
        F: Future<Output = ()> + Send + 'static,
    {
        while let Some(request) = requests.recv().await {
            let task = tokio::spawn(handle(request));
            self.requests.lock().unwrap_or_else(PoisonError::into_inner).push(task);
        }
    }

    /// Waits for every request, without a limit. It ignores both durations.
    pub async fn drain(&self, _notice: Duration, _grace: Duration) -> usize {
        loop {
            let requests = take(&mut *self.requests.lock().unwrap_or_else(PoisonError::into_inner));
            if requests.is_empty() {
                return 0;
            }
            for request in requests {
                _ = request.await;
            }
        }
    }
}

/// Ignores the second signal.
///
/// # Errors
///
/// None.
pub async fn unless_again<T>(
    ending: impl Future<Output = T>,
    _again: impl Future<Output = Signal>,
) -> Result<T, Signal> {
    Ok(ending.await)
}
