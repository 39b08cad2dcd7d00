//! The versions that go wrong.

use std::any::Any;
use std::error::Error;
use std::num::NonZeroU32;
use std::time::Duration;

use tokio::io::{AsyncWrite, AsyncWriteExt, BufWriter};
use tokio::task::JoinError;
use tokio::time::sleep;

/// Goes wrong: it checks only the outer `Result`, so an error of the job counts as success. All that is left of other failures is the word `failed`.
///
/// # Errors
///
/// If the job panicked or was cancelled.
pub async fn end_of<T, E>(task: impl Future<Output = Result<Result<T, E>, JoinError>>) -> Result<(), &'static str> {
    match task.await {
        Ok(_) => Ok(()),
        Err(_) => Err("failed"),
    }
}

/// Goes wrong: it checks only for a `&str`, but a formatted message is a `String`.
#[must_use]
pub fn panic_message(panic: &(dyn Any + Send)) -> &'static str {
    panic.downcast_ref::<&str>().copied().unwrap_or("without a message")
}

/// Goes wrong: it turns the error into text, and so loses the sources.
#[must_use]
pub fn report(error: &dyn Error) -> String {
    error.to_string()
}

/// Goes wrong: it tries again after every error, also after a permanent one.
///
/// # Errors
///
/// The error of the last attempt.
pub async fn retry<T, E, F>(tries: NonZeroU32, pause: Duration, mut attempt: impl FnMut() -> F) -> Result<T, E>
where
    F: Future<Output = Result<T, E>>,
{
    for _ in 1..tries.get() {
        if let Ok(value) = attempt().await {
            return Ok(value);
        }
        sleep(pause).await;
    }
    attempt().await
}

/// Goes wrong: it drops the buffer without a flush. The lines are lost, and nothing reports it.
pub async fn keep_journal(writer: impl AsyncWrite + Unpin, lines: &[String]) {
    let mut writer = BufWriter::new(writer);
    for line in lines {
        let _ = writer.write_all(format!("{line}\n").as_bytes()).await;
    }
}
