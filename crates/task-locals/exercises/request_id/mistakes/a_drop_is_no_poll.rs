//! "I set the id at each poll, by hand": a cancelled request is dropped without a poll.
//!
//! Caught by: has the id in a `Drop` of the request

use std::cell::Cell;
use std::future::poll_fn;
use std::pin::pin;

use tokio::task::JoinHandle;

thread_local! {
    static CURRENT: Cell<Option<u64>> = const { Cell::new(None) };
}

pub async fn with_id<F: Future>(id: u64, work: F) -> F::Output {
    struct Back(Option<u64>);
    impl Drop for Back {
        fn drop(&mut self) {
            CURRENT.set(self.0);
        }
    }
    let mut work = pin!(work);
    poll_fn(|context| {
        let _back = Back(CURRENT.replace(Some(id)));
        work.as_mut().poll(context)
    })
    .await
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
