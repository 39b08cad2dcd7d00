//! "The line is a field now": `read_line` takes even that into its future, and returns it only when it is done.
//!
//! Caught by: loses nothing when its caller gives up in the middle of a line

use std::io;

use std::mem;

use tokio::io::{AsyncBufReadExt, AsyncRead, BufReader};

pub struct LineReader<R> {
    reader: BufReader<R>,
    line: String,
}

impl<R: AsyncRead + Unpin> LineReader<R> {
    pub fn new(reader: R) -> Self {
        Self { reader: BufReader::new(reader), line: String::new() }
    }

    pub async fn next_line(&mut self) -> io::Result<Option<String>> {
        if self.reader.read_line(&mut self.line).await? == 0 && self.line.is_empty() {
            return Ok(None);
        }
        Ok(Some(mem::take(&mut self.line).trim_end_matches('\n').to_owned()))
    }
}
