//! What the answer of `tasks/supervisor` is given.

use std::time::Duration;

use exam::{Failure, ms};
use tokio::task::JoinError;

/// The pause after the first failure in a row.
pub const FIRST_PAUSE: Duration = ms(100);
/// After so many failures in a row the supervisor gives up.
pub const MOST_FAILURES: u32 = 4;
/// A worker that ran so long was well.
pub const SETTLED: Duration = ms(10_000);

/// Why there is no worker any more.
#[derive(Debug)]
pub enum Ended {
    /// The worker has returned `Ok`.
    Done,
    /// The supervisor was told to stop.
    Stopped,
    /// Somebody has cancelled the worker.
    Cancelled,
    /// It has failed too often, the last time for this reason.
    GaveUp(Reason),
}

/// How a worker failed.
#[derive(Debug)]
pub enum Reason {
    /// It returned this error.
    Failed(Failure),
    /// It panicked.
    Panicked(JoinError),
}
