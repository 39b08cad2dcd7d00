//! "Ten lines of a piece are enough": a piece may hold a thousand.
//!
//! Caught by: returns each of a thousand lines

use std::collections::VecDeque;
use std::io;

use tokio::io::{AsyncRead, AsyncReadExt};

pub struct LineReader<R> {
    reader: R,
    rest: Vec<u8>,
    lines: VecDeque<Vec<u8>>,
    over: bool,
}

impl<R: AsyncRead + Unpin> LineReader<R> {
    pub fn new(reader: R) -> Self {
        Self { reader, rest: Vec::new(), lines: VecDeque::new(), over: false }
    }
    pub async fn next_line(&mut self) -> io::Result<Option<String>> {
        loop {
            if let Some(line) = self.lines.pop_front() {
                return String::from_utf8(line).map_err(|e| io::Error::new(io::ErrorKind::InvalidData, e)).map(Some);
            }
            if self.over {
                return Ok(None);
            }
            if self.reader.read_buf(&mut self.rest).await? == 0 {
                self.over = true;
                if !self.rest.is_empty() {
                    self.lines.push_back(std::mem::take(&mut self.rest));
                }
                continue;
            }
            let whole = self.rest.iter().rposition(|b| *b == b'\n').map_or(0, |at| at + 1);
            let tail = self.rest.split_off(whole);
            let block = std::mem::replace(&mut self.rest, tail);
            for line in block.split_inclusive(|b| *b == b'\n').take(10) {
                self.lines.push_back(line[..line.len() - 1].to_vec());
            }
        }
    }
}
