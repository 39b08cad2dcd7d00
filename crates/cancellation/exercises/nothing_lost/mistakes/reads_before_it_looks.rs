//! "First I read, then I check the buffer": the second line of a piece waits for the next piece.
//!
//! Caught by: returns a line as soon as it is complete, and not earlier

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
            let read = self.reader.read_buf(&mut self.buffer).await?;
            if let Some(end) = self.buffer.iter().position(|byte| *byte == b'\n') {
                return text(self.buffer.drain(..=end).take(end).collect());
            }
            if read == 0 {
                let rest = mem::take(&mut self.buffer);
                return if rest.is_empty() { Ok(None) } else { text(rest) };
            }
        }
    }
}

fn text(line: Vec<u8>) -> io::Result<Option<String>> {
    String::from_utf8(line).map(Some).map_err(|_| io::ErrorKind::InvalidData.into())
}
