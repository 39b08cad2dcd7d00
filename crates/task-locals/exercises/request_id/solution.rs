//! One good answer.

use tokio::task::JoinHandle;

tokio::task_local! {
    static REQUEST: u64;
}

/// Runs `work`, in which `current_id` is `id`.
pub async fn with_id<F: Future>(id: u64, work: F) -> F::Output {
    REQUEST.scope(id, work).await
}

/// The id of the innermost `with_id` around this code; `None` outside of any.
pub fn current_id() -> Option<u64> {
    REQUEST.try_get().ok()
}

/// Spawns `work` as a task that has the id of this code.
pub fn spawn<F>(work: F) -> JoinHandle<F::Output>
where
    F: Future<Output: Send + 'static> + Send + 'static,
{
    match current_id() {
        Some(id) => tokio::spawn(with_id(id, work)),
        None => tokio::spawn(work),
    }
}
