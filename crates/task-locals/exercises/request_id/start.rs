//! The id of a request, without a parameter. README.md beside this file describes the task.

use tokio::task::JoinHandle;

/// Runs `work`, in which `current_id` is `id`.
pub async fn with_id<F: Future>(id: u64, work: F) -> F::Output {
    todo!()
}

/// The id of the innermost `with_id` around this code; `None` outside of any.
pub fn current_id() -> Option<u64> {
    todo!()
}

/// Spawns `work` as a task that has the id of this code.
pub fn spawn<F>(work: F) -> JoinHandle<F::Output>
where
    F: Future<Output: Send + 'static> + Send + 'static,
{
    todo!()
}
