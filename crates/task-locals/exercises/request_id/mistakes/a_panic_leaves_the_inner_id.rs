//! "I restore the id after each poll, by hand": a panic skips that line.
//!
//! Caught by: has the outer id again after a panic

use std::cell::Cell;
use std::future::poll_fn;
use std::pin::Pin;

use tokio::task::JoinHandle;

thread_local! {
    static CURRENT: Cell<Option<u64>> = const { Cell::new(None) };
}

struct Work<F>(u64, Option<Pin<Box<F>>>);

impl<F> Work<F> {
    fn with_id<T>(&mut self, call: impl FnOnce(&mut Option<Pin<Box<F>>>) -> T) -> T {
        let before = CURRENT.replace(Some(self.0));
        let output = call(&mut self.1);
        CURRENT.set(before);
        output
    }
}

impl<F> Drop for Work<F> {
    fn drop(&mut self) {
        self.with_id(|work| drop(work.take()));
    }
}

pub async fn with_id<F: Future>(id: u64, work: F) -> F::Output {
    let mut work = Work(id, Some(Box::pin(work)));
    poll_fn(|context| work.with_id(|work| work.as_mut().unwrap().as_mut().poll(context))).await
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
