//! "A request is a task": two requests in one `join!` share a task.
//!
//! Caught by: keeps two requests of one task apart

use std::collections::HashMap;
use std::sync::{LazyLock, Mutex};

use tokio::task::{self, JoinHandle};

static IDS: LazyLock<Mutex<HashMap<Option<task::Id>, u64>>> = LazyLock::new(Mutex::default);

pub async fn with_id<F: Future>(id: u64, work: F) -> F::Output {
    let before = IDS.lock().unwrap().insert(task::try_id(), id);
    let output = work.await;
    match before {
        Some(before) => IDS.lock().unwrap().insert(task::try_id(), before),
        None => IDS.lock().unwrap().remove(&task::try_id()),
    };
    output
}

pub fn current_id() -> Option<u64> {
    IDS.lock().unwrap().get(&task::try_id()).copied()
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
