//! "`drain(..end)` takes the line out": the `\n` at `end` stays, and the next call finds it first.
//!
//! Caught by: returns one line after another

use std::io;
use std::mem;

use tokio::io::{AsyncRead, AsyncReadExt};

/// Reads lines.
pub struct LineReader<R> {
    reader: R,
    /// The bytes that were read and not yet returned. They are here so that they are not dropped with a future.
    buffer: Vec<u8>,
}

impl<R: AsyncRead + Unpin> LineReader<R> {
    /// A reader of the lines of this stream.
    pub fn new(reader: R) -> Self {
        Self { reader, buffer: Vec::new() }
    }

    /// The next line, without the `\n` at its end, or `None` at the end of the stream.
    ///
    /// Cancel safe: yes, because `read_buf` is, and its bytes are in the buffer before the next await.
    pub async fn next_line(&mut self) -> io::Result<Option<String>> {
        loop {
            if let Some(end) = self.buffer.iter().position(|byte| *byte == b'\n') {
                return text(self.buffer.drain(..end).collect()).map(Some);
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
