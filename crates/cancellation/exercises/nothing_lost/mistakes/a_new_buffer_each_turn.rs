//! "`BufReader` reads lines": it makes a new one for each line, and loses the bytes after the line.
//!
//! Caught by: returns one line after another

use std::io;

use tokio::io::{AsyncBufReadExt, AsyncRead, BufReader};

pub struct LineReader<R> {
    reader: R,
}

impl<R: AsyncRead + Unpin> LineReader<R> {
    pub fn new(reader: R) -> Self {
        Self { reader }
    }

    pub async fn next_line(&mut self) -> io::Result<Option<String>> {
        BufReader::new(&mut self.reader).lines().next_line().await
    }
}
