//! The versions that go wrong.

use std::fs;
use std::io::{self, BufRead};
use std::path::Path;

use futures::future::try_join_all;
use tokio::fs::File;
use tokio::io::{AsyncReadExt, AsyncWrite, AsyncWriteExt};

/// Goes wrong: it returns when the bytes are in a buffer. The write comes later, and its error is lost.
///
/// # Errors
///
/// Only the error of the previous write.
pub async fn write(file: &mut (impl AsyncWrite + Unpin), bytes: &[u8]) -> io::Result<()> {
    file.write_all(bytes).await
}

/// Goes wrong: it truncates the old file first, then writes to it, and does not wait for the write.
/// After an error or a crash, both the old text and the new text are lost.
///
/// # Errors
///
/// If the file cannot be created. A failed write returns no error.
pub async fn save(path: impl AsRef<Path>, bytes: impl AsRef<[u8]>) -> io::Result<()> {
    File::create(path).await?.write_all(bytes.as_ref()).await
}

/// Goes wrong: it reads on the thread of the runtime, so all tasks of that thread wait.
/// It also gives up at the first byte that is not UTF-8.
///
/// # Errors
///
/// If the file cannot be read, or is not UTF-8.
#[expect(clippy::unused_async, reason = "the fault shown: it is async by its signature only")]
pub async fn lines_with(word: &str, path: impl AsRef<Path>) -> io::Result<usize> {
    let mut count = 0;
    for line in io::BufReader::new(fs::File::open(path)?).lines() {
        count += usize::from(line?.contains(word));
    }
    Ok(count)
}

/// Goes wrong: it opens all files before it reads the first one. The operating system limits how many files a process may have open.
///
/// # Errors
///
/// The first error: for example `Too many open files`.
pub async fn read_all(paths: impl IntoIterator<Item: AsRef<Path>>) -> io::Result<Vec<Vec<u8>>> {
    let files = try_join_all(paths.into_iter().map(File::open)).await?;
    try_join_all(files.into_iter().map(async |mut file| {
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes).await?;
        Ok(bytes)
    }))
    .await
}

/// Goes wrong: it takes the last text of a growing file for a whole line, even if only half of the line is written.
///
/// # Errors
///
/// If the file cannot be read.
pub async fn next_line(file: &mut File) -> io::Result<String> {
    let mut bytes = vec![0; 4_096];
    let count = file.read(&mut bytes).await?;
    Ok(String::from_utf8_lossy(&bytes[..count]).trim_end().to_owned())
}
