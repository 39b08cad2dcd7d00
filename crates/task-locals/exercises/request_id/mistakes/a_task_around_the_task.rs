//! "I spawn a task that waits for the task": an abort stops only the outer task, and the work keeps running.
//!
//! Caught by: spawns tasks that an abort stops

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
    let id = current_id();
    tokio::spawn(async move {
        let task = match id {
            Some(id) => tokio::spawn(with_id(id, work)),
            None => tokio::spawn(work),
        };
        task.await.unwrap_or_else(|error| std::panic::resume_unwind(error.into_panic()))
    })
}
