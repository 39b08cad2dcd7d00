//! What the answer of `timeouts/shared_deadline` is given.

use std::time::Duration;

/// How long things may take.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// One attempt.
    pub each: Duration,
    /// The time between two attempts.
    pub pause: Duration,
    /// All attempts and pauses together.
    pub budget: Duration,
}
