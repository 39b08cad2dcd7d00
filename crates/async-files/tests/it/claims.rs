//! One file for each part of the chapter.

use std::path::PathBuf;
use std::sync::mpsc;
use std::time::Duration;

use room::World;
use tempfile::TempDir;
use tokio::sync::oneshot;
use tokio::task::{JoinHandle, spawn_blocking};
use tokio::time::timeout;

mod asyncio;
mod files;
mod lines;
mod many;
mod process;
mod recorded;
mod save;

/// How long a handshake may take before the test calls it missed; nothing is proven by it.
const LIMIT: Duration = Duration::from_secs(30);

/// A folder that is removed at the end, and the path of a file in it with this text.
fn file_with(text: impl AsRef<[u8]>) -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("file");
    std::fs::write(&path, text).unwrap();
    (folder, path)
}

/// A job that holds the only thread of a pool.
struct Held {
    open: mpsc::Sender<()>,
    job: JoinHandle<()>,
}

impl Held {
    /// Returns when the job has the thread.
    async fn pool() -> Self {
        let (open, opened) = mpsc::channel::<()>();
        let (start, begun) = oneshot::channel();
        let job = spawn_blocking(move || {
            start.send(()).unwrap();
            let _ = opened.recv_timeout(LIMIT);
        });
        begun.await.unwrap();
        Self { open, job }
    }

    /// Returns when the job has ended.
    async fn release(self) {
        drop(self.open);
        self.job.await.unwrap();
    }
}

/// Runs a future in this world, with one thread in the pool.
fn with_a_pool_of_one<T>(world: World, future: impl Future<Output = T>) -> T {
    let runtime = world.builder().max_blocking_threads(1).build().unwrap();
    runtime.block_on(async { timeout(LIMIT * 1_000, future).await.unwrap() })
}
