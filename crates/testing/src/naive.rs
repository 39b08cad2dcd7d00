//! The versions that go wrong: a test that misses every fault, and a signal that is sometimes lost.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::time::{sleep, timeout};

use crate::{Call, Caught, Failed, call, ms};

mod signal;

pub use signal::Signal;

/// Goes wrong: every version of [`first_answer`](crate::first_answer) in this crate passes it, also the faulty ones.
///
/// It tests only the happy path. The order in which two calls start does not prove that they overlap.
/// The assertion in the spawned task is lost.
/// When the test itself times out, it reports nothing.
///
/// # Errors
///
/// See [`Caught`].
///
/// # Panics
///
/// If the code under test panics. Also outside a Tokio runtime with time enabled.
pub async fn examine<F>(
    subject: impl Fn(Vec<Call>, Duration) -> F,
    patience: Duration,
    mut passed: impl FnMut(&'static str),
) -> Result<(), Caught>
where
    F: Future<Output = Result<String, Failed>>,
{
    let started = Arc::new(Mutex::new(Vec::new()));
    let calls = [("a", 200), ("b", 300)].map(|(name, after)| {
        let started = Arc::clone(&started);
        call(async move {
            started.lock().unwrap_or_else(PoisonError::into_inner).push(name);
            sleep(ms(after)).await;
            Ok(name.to_owned())
        })
    });
    if subject(calls.into(), patience).await != Ok("a".to_owned()) {
        return Err(Caught::Stuck("no answer"));
    }
    tokio::spawn(async move {
        let started = started.lock().unwrap_or_else(PoisonError::into_inner);
        assert!(started.starts_with(&["a"]), "the first call starts first");
    });
    passed("a starts before b");

    let slow = call(async {
        sleep(ms(600)).await;
        Ok("late".to_owned())
    });
    if let Ok(answer) = timeout(ms(500), subject(vec![slow], ms(400))).await
        && answer != Err(Failed::TooLate)
    {
        return Err(Caught::Returned(answer));
    }
    passed("ends soon");
    Ok(())
}
