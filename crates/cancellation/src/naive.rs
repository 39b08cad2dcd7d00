//! The versions that go wrong.

use std::io;
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt};
use tokio::sync::mpsc;
use tokio::task::{JoinError, spawn_blocking};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::Ended;

/// Goes wrong: it keeps no handles, so nothing can wait for its tasks, and they outlive it.
#[derive(Debug, Default)]
pub struct Workers {
    token: CancellationToken,
}

impl Workers {
    /// No workers yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Goes wrong: the dropped handle detaches the task.
    pub fn spawn<F>(&mut self, work: impl FnOnce(CancellationToken) -> F) -> CancellationToken
    where
        F: Future<Output = ()> + Send + 'static,
    {
        let token = self.token.child_token();
        drop(tokio::spawn(work(token.clone())));
        token
    }

    /// Goes wrong: it asks the workers to stop, and returns before any of them has stopped.
    #[expect(clippy::unused_async, reason = "there is nothing that it could wait for: that is the fault")]
    pub async fn stop(self, _grace: Duration) -> Ended {
        self.token.cancel();
        Ended::default()
    }
}

/// Goes wrong: the cancellation drops the current item when it is only half handled.
pub async fn work<T>(
    token: &CancellationToken,
    receiver: &mut mpsc::Receiver<T>,
    mut handle: impl AsyncFnMut(T),
) -> usize {
    let mut done = 0;
    let all = async {
        while let Some(item) = receiver.recv().await {
            handle(item).await;
            done += 1;
        }
    };
    token.run_until_cancelled(all).await;
    done
}

/// Goes wrong: if you drop the caller, you drop the save with it.
///
/// # Errors
///
/// Never. The `Result` only makes the signature the same as for [`crate::shield`].
pub async fn shield<F: Future>(_tracker: &TaskTracker, save: F) -> Result<F::Output, JoinError> {
    Ok(save.await)
}

/// Goes wrong: [`Frames::next`] keeps the bytes that it has read in its future.
#[derive(Debug)]
pub struct Frames<R> {
    reader: R,
}

impl<R: AsyncRead + Unpin> Frames<R> {
    /// Reads frames from this reader.
    pub fn new(reader: R) -> Self {
        Self { reader }
    }

    /// Goes wrong: if you drop it halfway, it loses the bytes it has read. The next call then takes the middle of a frame for its beginning.
    ///
    /// # Errors
    ///
    /// As for [`crate::Frames::next`].
    pub async fn next(&mut self) -> io::Result<Option<Vec<u8>>> {
        let length = match self.reader.read_u8().await {
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => return Ok(None),
            length => length?,
        };
        let mut frame = vec![0; length.into()];
        self.reader.read_exact(&mut frame).await?;
        Ok(Some(frame))
    }
}

/// Goes wrong: a running closure cannot be aborted, so after the cancellation it still handles all items that are left.
///
/// # Errors
///
/// As for [`crate::for_each_blocking`].
pub async fn for_each_blocking<T: Send + 'static>(
    token: &CancellationToken,
    items: Vec<T>,
    step: impl FnMut(T) + Send + 'static,
) -> Result<Vec<T>, JoinError> {
    let mut task = spawn_blocking(move || items.into_iter().for_each(step));
    if token.run_until_cancelled(&mut task).await.is_none() {
        task.abort();
        task.await?;
    }
    Ok(Vec::new())
}
