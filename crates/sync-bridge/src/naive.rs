//! The versions that go wrong.

use std::io;
use std::sync::mpsc;

use tokio::runtime::{Builder, Handle};

/// Goes wrong: makes a runtime for each call. What the call spawned ends with that runtime, so a connection does not outlive its call; and nobody can stop a call.
///
/// # Errors
///
/// If the operating system refuses a runtime.
pub fn call<T>(future: impl Future<Output = T>) -> io::Result<T> {
    Ok(Builder::new_current_thread().enable_all().build()?.block_on(future))
}

/// Goes wrong: blocks in async code to wait for async code. `block_on` panics there.
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
