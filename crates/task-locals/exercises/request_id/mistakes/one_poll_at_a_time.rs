//! "Only one poll runs at a time": this is true for one thread, and a server has several.
//!
//! Caught by: keeps two requests of two threads apart

use std::future::poll_fn;
use std::mem::replace;
use std::pin::pin;
use std::sync::{Mutex, MutexGuard, PoisonError};

use tokio::task::JoinHandle;

static CURRENT: Mutex<Option<u64>> = Mutex::new(None);

fn current() -> MutexGuard<'static, Option<u64>> {
    CURRENT.lock().unwrap_or_else(PoisonError::into_inner)
}

pub async fn with_id<F: Future>(id: u64, work: F) -> F::Output {
    struct Back(Option<u64>);
    impl Drop for Back {
        fn drop(&mut self) {
            *current() = self.0;
        }
    }
    let mut work = pin!(work);
    poll_fn(|context| {
        let _back = Back(replace(&mut *current(), Some(id)));
        work.as_mut().poll(context)
    })
    .await
}

pub fn current_id() -> Option<u64> {
    *current()
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
