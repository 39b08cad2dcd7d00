//! "No line has more than 200 kB": a line may have any length.
//!
//! Caught by: returns a line of any length

use std::io;
use std::mem;
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncReadExt};

/// Reads lines.
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
                let mut line: Vec<u8> = self.buffer.drain(..=end).collect();
                line.pop();
                return text(line).map(Some);
            }
            if self.buffer.len() > 200_000 {
                return Err(io::Error::other("the line is too long"));
            }
            if self.reader.read_buf(&mut self.buffer).await? == 0 {
                let rest = mem::take(&mut self.buffer);
                return if rest.is_empty() { Ok(None) } else { text(rest).map(Some) };
            }
        }
    }
}

fn text(line: Vec<u8>) -> io::Result<String> {
    String::from_utf8(line).map_err(|error| io::Error::new(io::ErrorKind::InvalidData, error))
}
