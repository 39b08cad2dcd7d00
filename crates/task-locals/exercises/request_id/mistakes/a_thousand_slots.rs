//! "A thousand requests at the same time are enough": the next one gets no id.
//!
//! Caught by: keeps two thousand requests apart

use std::cell::Cell;
use std::pin::Pin;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll};

use tokio::task::JoinHandle;

thread_local! {
    static CURRENT: Cell<Option<u64>> = const { Cell::new(None) };
}

struct Back(Option<u64>);

impl Drop for Back {
    fn drop(&mut self) {
        CURRENT.set(self.0);
    }
}

fn enter(id: u64) -> Back {
    Back(CURRENT.replace(Some(id)))
}

/// How many requests are under way.
static SLOTS: AtomicUsize = AtomicUsize::new(0);

struct Slot;

impl Drop for Slot {
    fn drop(&mut self) {
        SLOTS.fetch_sub(1, Ordering::Relaxed);
    }
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
    let others = SLOTS.fetch_add(1, Ordering::Relaxed);
    let _slot = Slot;
    if others < 1_000 { Within(id, Some(Box::pin(work))).await } else { work.await }
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
