//! "`trim` removes the line end": it also removes all spaces at both ends.
//!
//! Caught by: returns every line unchanged, even an empty one

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
                break self.buffer.drain(..=end).collect();
            }
            if self.reader.read_buf(&mut self.buffer).await? == 0 {
                if self.buffer.is_empty() {
                    return Ok(None);
                }
                break mem::take(&mut self.buffer);
            }
        };
        let text = String::from_utf8(line).map_err(|_| io::ErrorKind::InvalidData)?;
        Ok(Some(text.trim().to_owned()))
    }
}
