//! "All async code runs in a task": `task::id()` panics in the body of `main`.
//!
//! Caught by: has the id before and after an await

use std::collections::HashMap;
use std::sync::{LazyLock, Mutex};

use tokio::task::{self, JoinHandle};

static IDS: LazyLock<Mutex<HashMap<task::Id, u64>>> = LazyLock::new(Mutex::default);

pub async fn with_id<F: Future>(id: u64, work: F) -> F::Output {
    IDS.lock().unwrap_or_else(|poisoned| poisoned.into_inner()).insert(task::id(), id);
    work.await
}

pub fn current_id() -> Option<u64> {
    IDS.lock().unwrap_or_else(|poisoned| poisoned.into_inner()).get(&task::id()).copied()
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
