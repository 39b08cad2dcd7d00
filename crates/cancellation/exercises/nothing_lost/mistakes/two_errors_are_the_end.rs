//! "After two errors a stream is broken": it goes on, and so must its reader.
//!
//! Caught by: passes on an error of the stream, and continues after it

use std::io;
use std::mem;
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncReadExt};

/// Reads lines.
pub struct LineReader<R> {
    reader: R,
    buffer: Vec<u8>,
    errors: u32,
}

impl<R: AsyncRead + Unpin> LineReader<R> {
    pub fn new(reader: R) -> Self {
        Self { reader, buffer: Vec::new(), errors: 0 }
    }

    pub async fn next_line(&mut self) -> io::Result<Option<String>> {
        loop {
            if let Some(end) = self.buffer.iter().position(|byte| *byte == b'\n') {
                let mut line: Vec<u8> = self.buffer.drain(..=end).collect();
                line.pop();
                return text(line).map(Some);
            }
            if self.errors == 2 {
                return Ok(None);
            }
            let read = self.reader.read_buf(&mut self.buffer).await.inspect_err(|_| self.errors += 1)?;
            if read == 0 {
                let rest = mem::take(&mut self.buffer);
                return if rest.is_empty() { Ok(None) } else { text(rest).map(Some) };
            }
        }
    }
}

fn text(line: Vec<u8>) -> io::Result<String> {
    String::from_utf8(line).map_err(|error| io::Error::new(io::ErrorKind::InvalidData, error))
}
