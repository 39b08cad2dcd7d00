//! "A long line is decoded on a thread of its own": a call dropped at this await loses the line.
//!
//! Caught by: returns a line of any length

use std::io::ErrorKind;
use std::{io, mem};

use tokio::io::{AsyncRead, AsyncReadExt};

fn text(line: Vec<u8>) -> io::Result<String> {
    String::from_utf8(line).map_err(|error| io::Error::new(io::ErrorKind::InvalidData, error))
}

pub struct LineReader<R> {
    reader: R,
    buffer: Vec<u8>,
}

impl<R: AsyncRead + Unpin> LineReader<R> {
    pub fn new(reader: R) -> Self {
        Self { reader, buffer: Vec::new() }
    }
    fn end(&mut self) -> io::Result<Option<String>> {
        let rest = mem::take(&mut self.buffer);
        if rest.is_empty() { Ok(None) } else { text(rest).map(Some) }
    }
    fn take(&mut self) -> Option<Vec<u8>> {
        let end = self.buffer.iter().position(|byte| *byte == b'\n')?;
        let mut line: Vec<u8> = self.buffer.drain(..=end).collect();
        line.pop();
        Some(line)
    }
}

impl<R: AsyncRead + Unpin> LineReader<R> {
    pub async fn next_line(&mut self) -> io::Result<Option<String>> {
        loop {
            if let Some(line) = self.take() {
                if line.len() > 1_000_000 {
                    return tokio::task::spawn_blocking(|| text(line)).await.unwrap().map(Some);
                }
                return text(line).map(Some);
            }
            if self.reader.read_buf(&mut self.buffer).await? == 0 {
                return self.end();
            }
        }
    }
}
