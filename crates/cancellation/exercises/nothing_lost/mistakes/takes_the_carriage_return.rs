//! "`BufReader` has `lines`": they lose nothing, but they remove a `\r` that belongs to the line here.
//!
//! Caught by: returns every line unchanged, even an empty one

use std::io;

use tokio::io::{AsyncBufReadExt, AsyncRead, BufReader, Lines};

pub struct LineReader<R> {
    lines: Lines<BufReader<R>>,
}

impl<R: AsyncRead + Unpin> LineReader<R> {
    pub fn new(reader: R) -> Self {
        Self { lines: BufReader::new(reader).lines() }
    }

    pub async fn next_line(&mut self) -> io::Result<Option<String>> {
        self.lines.next_line().await
    }
}
