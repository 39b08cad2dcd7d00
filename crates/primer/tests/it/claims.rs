//! Every claim of the pages that is no topic's.

mod asyncio;
mod bytes;
mod locks;
mod messages;
mod processes;
mod runtime;
mod signals;
mod symptoms;
mod tasks;
mod time;

use std::time::Duration;

use room::World;

fn ms(milliseconds: u64) -> Duration {
    Duration::from_millis(milliseconds)
}

/// Whether this future is pending at its first poll; it is dropped after that.
fn is_pending(future: impl Future) -> bool {
    futures::FutureExt::now_or_never(future).is_none()
}

/// Runs a future that waits for a socket, a process or a signal.
///
/// A paused clock moves on while such a future waits, so the limit of [`World::run`] would be over at once.
fn real_io<F: Future>(world: World, future: F) -> F::Output {
    if world.is_paused() { world.builder().build().unwrap().block_on(future) } else { world.run(future) }
}
