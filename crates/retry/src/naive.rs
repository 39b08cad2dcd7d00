//! The version that goes wrong.

use std::time::Duration;

use tokio::time::sleep;

use crate::{Advice, GaveUp, Policy, Why};

/// Goes wrong in many ways. It tries again after every error. It ignores the time that the service asks for.
/// All clients make the same pauses. There is a pause after the last attempt, and no deadline.
/// It returns the first error, not the last.
///
/// # Errors
///
/// The first error, after all attempts.
pub async fn retry<T, E, F>(
    policy: &Policy,
    _jitter: impl FnMut(Duration) -> Duration,
    _advise: impl FnMut(&E) -> Advice,
    mut attempt: impl FnMut() -> F,
) -> Result<T, GaveUp<E>>
where
    F: Future<Output = Result<T, E>>,
{
    let attempts = policy.attempts.get();
    let mut first = None;
    for number in 1..=attempts {
        match attempt().await {
            Ok(value) => return Ok(value),
            Err(error) => first = first.or(Some(error)),
        }
        sleep(policy.pause_after(number)).await;
    }
    Err(GaveUp { why: Why::Attempts, attempts, last: first })
}
