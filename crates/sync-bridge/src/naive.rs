//! The versions that go wrong.

use std::io;
use std::sync::mpsc;

use tokio::runtime::{Builder, Handle};

/// Goes wrong: it makes a runtime for each call. Spawned tasks end with that runtime, so a connection does not outlive its call.
/// Also, other threads cannot stop a call.
///
/// # Errors
///
/// If the operating system cannot provide what a runtime needs.
pub fn call<T>(future: impl Future<Output = T>) -> io::Result<T> {
    Ok(Builder::new_current_thread().enable_all().build()?.block_on(future))
}

/// Goes wrong: it blocks in async code to wait for async code. `block_on` panics there.
///
/// # Panics
///
/// Always, in async code.
pub fn call_here<T>(future: impl Future<Output = T>) -> T {
    Handle::current().block_on(future)
}

/// Goes wrong: the `recv` of the standard library blocks the thread, so the other tasks of that thread wait for the item.
#[expect(clippy::unused_async, reason = "the fault shown: it is async by its signature only")]
pub async fn next<T>(items: &mpsc::Receiver<T>) -> Option<T> {
    items.recv().ok()
}
