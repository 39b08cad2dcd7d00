//! "I return the rest at the end unchanged": if the connection breaks in the middle of `ö`, the rest is not UTF-8.
//!
//! Caught by: returns an error when a line is not UTF-8

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
        loop {
            if let Some(end) = self.buffer.iter().position(|byte| *byte == b'\n') {
                return text(self.buffer.drain(..=end).take(end).collect());
            }
            if self.reader.read_buf(&mut self.buffer).await? == 0 {
                let rest = mem::take(&mut self.buffer);
                return Ok((!rest.is_empty()).then(|| String::from_utf8_lossy(&rest).into_owned()));
            }
        }
    }
}

fn text(line: Vec<u8>) -> io::Result<Option<String>> {
    String::from_utf8(line).map(Some).map_err(|_| io::ErrorKind::InvalidData.into())
}
