//! Versions of [`first_answer`](crate::first_answer) with one fault each. A test should catch them.

use std::time::Duration;

use futures::StreamExt;
use futures::stream::FuturesUnordered;
use tokio::time::timeout;

use crate::{Call, Failed};

/// Makes the calls one after another.
///
/// # Errors
///
/// See [`Failed`].
pub async fn one_by_one(calls: Vec<Call>, limit: Duration) -> Result<String, Failed> {
    let first = async {
        let mut errors = Vec::new();
        for call in calls {
            match call.await {
                Ok(answer) => return Ok(answer),
                Err(error) => errors.push(error),
            }
        }
        Err(Failed::All(errors))
    };
    timeout(limit, first).await.unwrap_or(Err(Failed::TooLate))
}

/// Spawns the calls, and leaves them running, because a task keeps running when its handle is dropped.
///
/// # Errors
///
/// See [`Failed`].
///
/// # Panics
///
/// If a call panics.
#[expect(clippy::unwrap_used, reason = "nobody aborts the tasks, so only a panic is passed on")]
pub async fn leaves_them_running(calls: Vec<Call>, limit: Duration) -> Result<String, Failed> {
    let mut calls: FuturesUnordered<_> = calls.into_iter().map(tokio::spawn).collect();
    let first = async {
        let mut errors = Vec::new();
        while let Some(answer) = calls.next().await {
            match answer.unwrap() {
                Ok(answer) => return Ok(answer),
                Err(error) => errors.push(error),
            }
        }
        Err(Failed::All(errors))
    };
    timeout(limit, first).await.unwrap_or(Err(Failed::TooLate))
}

/// Returns the first result, even if it is an error.
///
/// # Errors
///
/// See [`Failed`].
pub async fn takes_an_error(calls: Vec<Call>, limit: Duration) -> Result<String, Failed> {
    let mut calls: FuturesUnordered<_> = calls.into_iter().collect();
    match timeout(limit, calls.next()).await {
        Ok(Some(result)) => result.map_err(|error| Failed::All(vec![error])),
        Ok(None) => Err(Failed::All(Vec::new())),
        Err(_elapsed) => Err(Failed::TooLate),
    }
}

/// Ignores the limit.
///
/// # Errors
///
/// See [`Failed`].
pub async fn has_no_limit(calls: Vec<Call>, _limit: Duration) -> Result<String, Failed> {
    crate::first_answer(calls, Duration::MAX).await
}
