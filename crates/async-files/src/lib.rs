//! Reads and writes files in async code, as aiofiles and `asyncio.to_thread` do: on a pool of threads.
//!
//! ```sh
//! cargo run -p async-files
//! ```
#![doc = include_str!("../README.md")]

mod lines;
pub mod naive;
mod save;

use std::io;
use std::path::PathBuf;

use futures::{StreamExt, TryStreamExt, stream};
use tokio::fs;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};

pub use lines::{Follow, Line, Lines};
pub use save::atomic_save;

/// How many bytes [`copy`] moves at a time.
const PIECE: usize = 64 * 1024;

/// Writes all of these bytes, and waits until the operating system has accepted them.
///
/// A [`File`](tokio::fs::File) accepts bytes into a buffer and writes them on the pool later.
/// Only `flush` waits for that write and returns its error.
///
/// Cancel safe: no. Part of the bytes may have been written.
///
/// Source: [`tokio::fs::File`]; `file.write()` with `file.flush()` in Python.
///
/// # Errors
///
/// If the write fails, for example because the disk is full.
///
/// ```
/// use async_files::write;
/// use tokio::fs::{self, File};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> std::io::Result<()> {
/// let folder = tempfile::tempdir()?;
/// let path = folder.path().join("greeting");
/// let mut file = File::create(&path).await?;
/// write(&mut file, b"hello").await?;
/// assert_eq!(fs::read(&path).await?, b"hello");
/// # Ok(())
/// # }
/// ```
pub async fn write(file: &mut (impl AsyncWrite + Unpin), bytes: &[u8]) -> io::Result<()> {
    file.write_all(bytes).await?;
    file.flush().await
}

/// Reads whole files, at most `at_once` at the same time, and returns their contents in the order of the paths.
///
/// Keep `at_once` below the number of files that the operating system lets a process open: then no open is refused.
/// An `at_once` of 0 counts as 1.
///
/// Cancel safe: yes, because reading changes nothing. A read that has started runs to completion on the pool.
///
/// Source: [`StreamExt::buffered`]; a semaphore around `asyncio.to_thread`.
///
/// # Errors
///
/// The first error, with its path in front.
///
/// ```
/// use async_files::read_all;
/// use tokio::fs;
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> std::io::Result<()> {
/// let folder = tempfile::tempdir()?;
/// let paths = ["a", "b"].map(|name| folder.path().join(name));
/// for path in &paths {
///     fs::write(path, "text").await?;
/// }
/// assert_eq!(read_all(paths, 16).await?, [b"text", b"text"]);
/// # Ok(())
/// # }
/// ```
pub async fn read_all(paths: impl IntoIterator<Item = PathBuf>, at_once: usize) -> io::Result<Vec<Vec<u8>>> {
    let reads = paths.into_iter().map(async |path| {
        let read = fs::read(&path).await;
        read.map_err(|error| io::Error::new(error.kind(), format!("{}: {error}", path.display())))
    });
    stream::iter(reads).buffered(at_once.max(1)).try_collect().await
}

/// Copies until the source ends. After each piece it reports how many bytes it has copied so far. At the end it returns the total.
///
/// If both sides are a [`File`](tokio::fs::File), one piece is written while the next one is read.
///
/// Cancel safe: no. The target then holds only part of the source.
///
/// Source: [`tokio::io::copy`], which moves 8 KiB at a time and reports no progress.
///
/// # Errors
///
/// If reading from the source or writing to the target fails.
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> std::io::Result<()> {
/// let mut target = Vec::new();
/// let mut seen = Vec::new();
/// let copied = async_files::copy(&mut &[7; 100_000][..], &mut target, |so_far| seen.push(so_far)).await?;
/// assert_eq!((copied, target.len()), (100_000, 100_000));
/// assert_eq!(seen, [65_536, 100_000]);
/// # Ok(())
/// # }
/// ```
pub async fn copy(
    from: &mut (impl AsyncRead + Unpin),
    to: &mut (impl AsyncWrite + Unpin),
    mut progress: impl FnMut(u64),
) -> io::Result<u64> {
    let mut piece = vec![0; PIECE];
    let mut copied = 0;
    loop {
        let count = from.read(&mut piece).await?;
        if count == 0 {
            break;
        }
        to.write_all(&piece[..count]).await?;
        copied += count as u64;
        progress(copied);
    }
    to.flush().await?;
    Ok(copied)
}
