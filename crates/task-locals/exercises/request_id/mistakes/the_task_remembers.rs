//! "The task keeps its last id": the request has ended, and its id is gone.
//!
//! Caught by: has no id outside of a request

use std::collections::HashMap;
use std::sync::{LazyLock, Mutex};

use tokio::task::{Id, JoinHandle, try_id};

tokio::task_local! {
    static REQUEST: u64;
}

static LAST: LazyLock<Mutex<HashMap<Id, u64>>> = LazyLock::new(Mutex::default);

pub async fn with_id<F: Future>(id: u64, work: F) -> F::Output {
    if let Some(task) = try_id() {
        LAST.lock().unwrap().insert(task, id);
    }
    REQUEST.scope(id, work).await
}

pub fn current_id() -> Option<u64> {
    REQUEST.try_get().ok().or_else(|| LAST.lock().unwrap().get(&try_id()?).copied())
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
