//! The versions that go wrong.

use std::fs;
use std::io::{self, BufRead};
use std::path::Path;

use futures::future::try_join_all;
use tokio::fs::File;
use tokio::io::{AsyncReadExt, AsyncWrite, AsyncWriteExt};

/// Goes wrong: returns when the bytes are in a buffer. The write comes later, and nobody hears of its error.
///
/// # Errors
///
/// Only that of the write before.
pub async fn write(file: &mut (impl AsyncWrite + Unpin), bytes: &[u8]) -> io::Result<()> {
    file.write_all(bytes).await
}

/// Goes wrong: empties the old file first, writes in its place, and does not wait for the write.
/// After an error or a crash there is neither the old text nor the new one.
///
/// # Errors
///
/// If the file cannot be made; not if it cannot be written.
pub async fn save(path: impl AsRef<Path>, bytes: impl AsRef<[u8]>) -> io::Result<()> {
    File::create(path).await?.write_all(bytes.as_ref()).await
}

/// Goes wrong: reads on the thread of the runtime, so all tasks of the thread wait; and gives up at the first byte that is not UTF-8.
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

/// Goes wrong: opens all files before it reads the first. A process may not have so many files open.
///
/// # Errors
///
/// `Too many open files`, or whatever else goes wrong first.
pub async fn read_all(paths: impl IntoIterator<Item: AsRef<Path>>) -> io::Result<Vec<Vec<u8>>> {
    let files = try_join_all(paths.into_iter().map(File::open)).await?;
    try_join_all(files.into_iter().map(async |mut file| {
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes).await?;
        Ok(bytes)
    }))
    .await
}

/// Goes wrong: takes what comes at the end of a growing file for a line, even half of one.
///
/// # Errors
///
/// If the file cannot be read.
pub async fn next_line(file: &mut File) -> io::Result<String> {
    let mut bytes = vec![0; 4_096];
    let count = file.read(&mut bytes).await?;
    Ok(String::from_utf8_lossy(&bytes[..count]).trim_end().to_owned())
}
