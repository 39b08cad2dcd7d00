//! "A read must not wait for ever": it starts again every ten milliseconds, and keeps a processor awake.
//!
//! Caught by: sleeps while nothing comes

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
            let read = timeout(Duration::from_millis(10), self.reader.read_buf(&mut self.buffer));
            let Ok(read) = read.await else { continue };
            if read? == 0 {
                let rest = mem::take(&mut self.buffer);
                return if rest.is_empty() { Ok(None) } else { text(rest) };
            }
        }
    }
}

fn text(line: Vec<u8>) -> io::Result<Option<String>> {
    String::from_utf8(line).map(Some).map_err(|_| io::ErrorKind::InvalidData.into())
}
