//! "A request runs on one thread": while it waits, other requests run on the same thread.
//!
//! Caught by: keeps two requests apart

use std::cell::Cell;

use tokio::task::JoinHandle;

thread_local! {
    static CURRENT: Cell<Option<u64>> = const { Cell::new(None) };
}

pub async fn with_id<F: Future>(id: u64, work: F) -> F::Output {
    let before = CURRENT.replace(Some(id));
    let output = work.await;
    CURRENT.set(before);
    output
}

pub fn current_id() -> Option<u64> {
    CURRENT.get()
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
