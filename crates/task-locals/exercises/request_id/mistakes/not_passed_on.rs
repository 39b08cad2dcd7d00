//! "A task inherits the id, as in asyncio": in Tokio it does not.
//!
//! Caught by: passes the id on to spawned tasks

use tokio::task::JoinHandle;

tokio::task_local! {
    static REQUEST: u64;
}

pub async fn with_id<F: Future>(id: u64, work: F) -> F::Output {
    REQUEST.scope(id, work).await
}

pub fn current_id() -> Option<u64> {
    REQUEST.try_get().ok()
}

pub fn spawn<F>(work: F) -> JoinHandle<F::Output>
where
    F: Future<Output: Send + 'static> + Send + 'static,
{
    tokio::spawn(work)
}
