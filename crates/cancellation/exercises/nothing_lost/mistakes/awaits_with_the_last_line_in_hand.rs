//! "At the end nothing can be lost any more": the last line can, at an await between the buffer and the `return`.
//!
//! Caught by: loses nothing at any await, even after it took a line

use std::io;
use std::mem;

use tokio::io::{AsyncRead, AsyncReadExt};
use tokio::task::yield_now;

pub struct LineReader<R> {
    reader: R,
    buffer: Vec<u8>,
}

impl<R: AsyncRead + Unpin> LineReader<R> {
    pub fn new(reader: R) -> Self {
        Self { reader, buffer: Vec::new() }
    }

    pub async fn next_line(&mut self) -> io::Result<Option<String>> {
        loop {
            if let Some(end) = self.buffer.iter().position(|byte| *byte == b'\n') {
                return text(self.buffer.drain(..=end).take(end).collect());
            }
            if self.reader.read_buf(&mut self.buffer).await? == 0 {
                let rest = mem::take(&mut self.buffer);
                yield_now().await;
                return if rest.is_empty() { Ok(None) } else { text(rest) };
            }
        }
    }
}

fn text(line: Vec<u8>) -> io::Result<Option<String>> {
    String::from_utf8(line).map(Some).map_err(|_| io::ErrorKind::InvalidData.into())
}
