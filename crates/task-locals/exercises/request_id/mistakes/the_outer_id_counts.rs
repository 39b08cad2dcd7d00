//! "A request has one id": the payment inside it has its own.
//!
//! Caught by: has the inner id, and then the outer id again

use tokio::task::JoinHandle;

tokio::task_local! {
    static REQUEST: u64;
}

pub async fn with_id<F: Future>(id: u64, work: F) -> F::Output {
    REQUEST.scope(current_id().unwrap_or(id), work).await
}

pub fn current_id() -> Option<u64> {
    REQUEST.try_get().ok()
}

pub fn spawn<F>(work: F) -> JoinHandle<F::Output>
where
    F: Future<Output: Send + 'static> + Send + 'static,
{
    match current_id() {
        Some(id) => tokio::spawn(with_id(id, work)),
        None => tokio::spawn(work),
    }
}
