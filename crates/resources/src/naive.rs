//! The versions that go wrong.

use std::pin::Pin;

use tokio_util::task::TaskTracker;

/// Goes wrong: the `?` returns before the close. After an error or a panic the resource is only dropped.
///
/// # Errors
///
/// The error of `body`, or the error of `close`.
pub async fn with_resource<R, T, E>(
    mut resource: R,
    close: impl AsyncFnOnce(R) -> Result<(), E>,
    body: impl AsyncFnOnce(&mut R) -> Result<T, E>,
) -> Result<T, E> {
    let value = body(&mut resource).await?;
    close(resource).await?;
    Ok(value)
}

/// A list of closes. If it is dropped, nothing runs them.
#[allow(missing_debug_implementations, reason = "futures have no text")]
pub struct ExitStack<E>(Vec<Step<E>>);

type Step<E> = Pin<Box<dyn Future<Output = Result<(), E>> + Send>>;

impl<E> ExitStack<E> {
    /// Registers the close of a resource.
    pub fn push(&mut self, close: impl Future<Output = Result<(), E>> + Send + 'static) {
        self.0.push(Box::pin(close));
    }
}

/// Goes wrong: it closes only after success, and in the order of opening. After an error, or if it is dropped, it closes nothing.
///
/// # Errors
///
/// The error of `body`, or the error of the first close that fails. The other closes then do not run.
pub async fn with_stack<T, E>(
    _tracker: &TaskTracker,
    body: impl AsyncFnOnce(&mut ExitStack<E>) -> Result<T, E>,
) -> Result<T, E> {
    let mut stack = ExitStack(Vec::new());
    let value = body(&mut stack).await?;
    for close in stack.0 {
        close.await?;
    }
    Ok(value)
}
