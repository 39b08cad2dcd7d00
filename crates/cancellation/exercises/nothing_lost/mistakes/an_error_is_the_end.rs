//! "No bytes means no more lines": it treats an error as the end, and half a line as a whole one.
//!
//! Caught by: passes on an error of the stream, and continues after it

use std::io;

use std::mem;

use tokio::io::{AsyncRead, AsyncReadExt};

pub struct LineReader<R> {
    reader: R,
    buffer: Vec<u8>,
}

impl<R: AsyncRead + Unpin> LineReader<R> {
    pub fn new(reader: R) -> Self {
        Self { reader, buffer: Vec::new() }
    }

    pub async fn next_line(&mut self) -> io::Result<Option<String>> {
        let line = loop {
            if let Some(end) = self.buffer.iter().position(|byte| *byte == b'\n') {
                break self.buffer.drain(..=end).take(end).collect();
            }
            if self.reader.read_buf(&mut self.buffer).await.unwrap_or(0) == 0 {
                if self.buffer.is_empty() {
                    return Ok(None);
                }
                break mem::take(&mut self.buffer);
            }
        };
        String::from_utf8(line).map(Some).map_err(|_| io::ErrorKind::InvalidData.into())
    }
}
