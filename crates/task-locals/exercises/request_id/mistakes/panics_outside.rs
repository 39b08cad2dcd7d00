//! "All code belongs to a request": `get` panics outside.
//!
//! Caught by: has no id outside of a request

use tokio::task::JoinHandle;

tokio::task_local! {
    static REQUEST: u64;
}

pub async fn with_id<F: Future>(id: u64, work: F) -> F::Output {
    REQUEST.scope(id, work).await
}

pub fn current_id() -> Option<u64> {
    Some(REQUEST.get())
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
