//! The versions that go wrong.

use std::time::Duration;

use tokio::sync::mpsc;
use tokio::task::{JoinError, JoinHandle};
use tokio::time::timeout;

use crate::{BLOCK, GaveUp, sum_of_block};

/// Goes wrong: every attempt gets the whole `limit`, so three attempts take three times as long as the caller allowed.
///
/// # Errors
///
/// As for [`crate::retry`].
pub async fn retry<T, E, F>(limit: Duration, tries: u32, mut attempt: impl FnMut() -> F) -> Result<T, GaveUp<E>>
where
    F: Future<Output = Result<T, E>>,
{
    let mut last = GaveUp::TimedOut(None);
    for _ in 0..tries {
        match timeout(limit, attempt()).await {
            Ok(Ok(value)) => return Ok(value),
            Ok(Err(error)) => last = GaveUp::Failed(error),
            Err(_elapsed) => last = GaveUp::TimedOut(last.into_error()),
        }
    }
    Err(last)
}

/// Goes wrong: the limit restarts with every item, so a steady trickle of items postpones the end for ever.
pub async fn fill<T>(batch: &mut Vec<T>, most: usize, limit: Duration, receiver: &mut mpsc::Receiver<T>) -> bool {
    while batch.len() < most {
        match timeout(limit, receiver.recv()).await {
            Ok(Some(item)) => batch.push(item),
            Ok(None) => return false,
            Err(_elapsed) => break,
        }
    }
    true
}

/// Goes wrong: the timeout drops the handle, and so detaches the task. The task keeps running, and nothing waits for it to end.
///
/// # Errors
///
/// As for [`crate::finish_or_stop`].
pub async fn finish_or_stop<T>(limit: Duration, task: JoinHandle<T>) -> Result<Option<T>, JoinError> {
    timeout(limit, task).await.ok().transpose()
}

/// Goes wrong: every future that it awaits is ready at once. So it never yields, and no timeout can end it.
pub async fn checksum(bytes: &[u8]) -> u64 {
    let mut sum = 0;
    for block in bytes.chunks(BLOCK) {
        sum += sum_of_block(block).await;
    }
    sum
}
