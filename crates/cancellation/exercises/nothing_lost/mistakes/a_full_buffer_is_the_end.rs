//! "4096 bytes are enough for a line": the buffer is full, a read returns 0 bytes, and that looks like the end.
//!
//! Caught by: returns a line of any length

use std::io;

use tokio::io::{AsyncRead, AsyncReadExt};

pub struct LineReader<R> {
    reader: R,
    buffer: [u8; 4096],
    length: usize,
}

impl<R: AsyncRead + Unpin> LineReader<R> {
    pub fn new(reader: R) -> Self {
        Self { reader, buffer: [0; 4096], length: 0 }
    }

    pub async fn next_line(&mut self) -> io::Result<Option<String>> {
        let line = loop {
            if let Some(end) = self.buffer[..self.length].iter().position(|byte| *byte == b'\n') {
                let line = self.buffer[..end].to_vec();
                self.buffer.copy_within(end + 1..self.length, 0);
                self.length -= end + 1;
                break line;
            }
            match self.reader.read(&mut self.buffer[self.length..]).await? {
                0 if self.length == 0 => return Ok(None),
                0 => {
                    let line = self.buffer[..self.length].to_vec();
                    self.length = 0;
                    break line;
                }
                more => self.length += more,
            }
        };
        String::from_utf8(line).map(Some).map_err(|_| io::ErrorKind::InvalidData.into())
    }
}
