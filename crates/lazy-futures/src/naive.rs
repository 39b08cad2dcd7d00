//! The versions that go wrong.

use std::pin::Pin;
use std::task::{Context, Poll};

use tokio::task::JoinHandle;

use crate::{Arrival, lock};

/// Goes wrong: the task only holds the letter, and drops it. Nothing awaits the letter, and the compiler does not warn.
pub fn post<F>(letter: F) -> JoinHandle<()>
where
    F: Future + Send + 'static,
{
    tokio::spawn(async move {
        let _sent = letter;
    })
}

/// Goes wrong: it keeps no waker, so a delivery wakes nothing.
#[derive(Debug)]
#[must_use = "futures do nothing unless you `.await` or poll them"]
pub struct KeepsNoWaker<T>(pub Arrival<T>);

impl<T> Future for KeepsNoWaker<T> {
    type Output = T;

    fn poll(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<T> {
        lock(&self.0.0).letter.take().map_or(Poll::Pending, Poll::Ready)
    }
}

/// Goes wrong: it keeps the waker of its first poll, so a delivery wakes a task that may no longer wait.
#[derive(Debug)]
#[must_use = "futures do nothing unless you `.await` or poll them"]
pub struct KeepsTheFirstWaker<T>(pub Arrival<T>);

impl<T> Future for KeepsTheFirstWaker<T> {
    type Output = T;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<T> {
        let mut inside = lock(&self.0.0);
        inside.waker.get_or_insert_with(|| context.waker().clone());
        inside.letter.take().map_or(Poll::Pending, Poll::Ready)
    }
}

/// Goes wrong: it wakes itself in every poll, so it keeps a core busy until the letter comes.
#[derive(Debug)]
#[must_use = "futures do nothing unless you `.await` or poll them"]
pub struct WakesItself<T>(pub Arrival<T>);

impl<T> Future for WakesItself<T> {
    type Output = T;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<T> {
        context.waker().wake_by_ref();
        lock(&self.0.0).letter.take().map_or(Poll::Pending, Poll::Ready)
    }
}
