//! "No request has the id 0, so 0 means none": an id is any `u64`.
//!
//! Caught by: has the id before and after an await

use std::cell::Cell;
use std::pin::Pin;
use std::task::{Context, Poll};

use tokio::task::JoinHandle;

thread_local! {
    static CURRENT: Cell<u64> = const { Cell::new(0) };
}

struct Back(u64);

impl Drop for Back {
    fn drop(&mut self) {
        CURRENT.set(self.0);
    }
}

fn enter(id: u64) -> Back {
    Back(CURRENT.replace(id))
}

struct Within<F>(u64, Option<Pin<Box<F>>>);

impl<F: Future> Future for Within<F> {
    type Output = F::Output;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<F::Output> {
        let _back = enter(self.0);
        self.1.as_mut().unwrap().as_mut().poll(context)
    }
}

impl<F> Drop for Within<F> {
    fn drop(&mut self) {
        let _back = enter(self.0);
        self.1 = None;
    }
}

pub async fn with_id<F: Future>(id: u64, work: F) -> F::Output {
    Within(id, Some(Box::pin(work))).await
}

pub fn current_id() -> Option<u64> {
    Some(CURRENT.get()).filter(|id| *id != 0)
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
