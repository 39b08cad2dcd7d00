//! "Who says nothing for a minute has left": half a line is returned as a line, and later the other half as another.
//!
//! Caught by: returns a line as soon as it is there, and not before

use std::io;
use std::mem;
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt};
use tokio::time::timeout;

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
            let read = timeout(Duration::from_secs(60), self.reader.read_buf(&mut self.buffer));
            if read.await.unwrap_or(Ok(0))? == 0 {
                let rest = mem::take(&mut self.buffer);
                return if rest.is_empty() { Ok(None) } else { text(rest) };
            }
        }
    }
}

fn text(line: Vec<u8>) -> io::Result<Option<String>> {
    String::from_utf8(line).map(Some).map_err(|_| io::ErrorKind::InvalidData.into())
}
