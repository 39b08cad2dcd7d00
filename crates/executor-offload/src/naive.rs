//! The versions that go wrong.

use std::process::Stdio;
use std::sync::Arc;

use tokio::process::Command;
use tokio::runtime::Handle;
use tokio::sync::Semaphore;

use crate::{ChildError, WorkError};

/// Goes wrong: it does the work in the task's own poll, so the other tasks of that thread wait. `async fn` alone moves nothing to another thread.
///
/// # Errors
///
/// Never: a panic of the work reaches the caller as a panic.
#[expect(clippy::unused_async, reason = "the fault shown: it is async by its signature only")]
pub async fn on_blocking_pool<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, WorkError> {
    Ok(work())
}

/// Goes wrong: the caller holds the place. If the caller gives up, it releases the place, but the work keeps running.
/// So more jobs run than the limit.
#[derive(Clone, Debug)]
pub struct Limited {
    places: Arc<Semaphore>,
}

impl Limited {
    /// Lets at most `limit` jobs run at once, as long as no caller gives up.
    #[must_use]
    pub fn new(limit: u32) -> Self {
        Self { places: Arc::new(Semaphore::new(limit as usize)) }
    }

    /// See [`Limited`].
    ///
    /// # Errors
    ///
    /// If the work panics.
    pub async fn run<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<T, WorkError> {
        let _place = self.places.acquire().await.map_err(|_| WorkError::NeverRan)?;
        crate::on_blocking_pool(work).await
    }
}

/// Goes wrong: a thread of the pool waits for work that needs a thread of the pool. When all threads wait like this, they wait for ever.
///
/// # Errors
///
/// If a step panics, or if the runtime shuts down before it begins.
pub async fn in_two_steps<A: Send + 'static, B: Send + 'static>(
    first: impl FnOnce() -> A + Send + 'static,
    second: impl FnOnce(A) -> B + Send + 'static,
) -> Result<B, WorkError> {
    let runtime = Handle::current();
    crate::on_blocking_pool(move || {
        let result = first();
        runtime.block_on(crate::on_blocking_pool(move || second(result)))
    })
    .await?
}

/// Goes wrong: it waits for the runtime on a thread that the runtime needs, so `block_on` panics.
///
/// # Errors
///
/// Never: it panics.
#[expect(clippy::unused_async, reason = "the fault shown: it is async by its signature only")]
pub async fn with_runtime<T: Send + 'static>(work: impl FnOnce(&Handle) -> T + Send + 'static) -> Result<T, WorkError> {
    Ok(work(&Handle::current()))
}

/// Goes wrong: when the caller gives up, the process keeps running, and nothing stops it.
///
/// # Errors
///
/// Like [`crate::in_child`].
pub async fn in_child(command: &mut Command) -> Result<String, ChildError> {
    let child = command.stdout(Stdio::piped()).spawn().map_err(ChildError::NotRun)?;
    let output = child.wait_with_output().await.map_err(ChildError::NotRun)?;
    if output.status.success() {
        Ok(String::from_utf8_lossy(&output.stdout).into_owned())
    } else {
        Err(ChildError::Failed(output.status))
    }
}
