//! "One server, one variable": while one request waits, the other writes its id there.
//!
//! Caught by: keeps two requests apart

use std::sync::Mutex;

use tokio::task::JoinHandle;

static CURRENT: Mutex<Option<u64>> = Mutex::new(None);

pub async fn with_id<F: Future>(id: u64, work: F) -> F::Output {
    let before = CURRENT.lock().unwrap().replace(id);
    let output = work.await;
    *CURRENT.lock().unwrap() = before;
    output
}

pub fn current_id() -> Option<u64> {
    *CURRENT.lock().unwrap()
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
