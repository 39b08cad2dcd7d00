//! "An empty line means the end": an empty line is a line.
//!
//! Caught by: returns every line unchanged, even an empty one

use std::io;

use std::mem;

use tokio::io::{AsyncBufReadExt, AsyncRead, BufReader};

pub struct LineReader<R> {
    reader: BufReader<R>,
    line: Vec<u8>,
}

impl<R: AsyncRead + Unpin> LineReader<R> {
    pub fn new(reader: R) -> Self {
        Self { reader: BufReader::new(reader), line: Vec::new() }
    }

    pub async fn next_line(&mut self) -> io::Result<Option<String>> {
        self.reader.read_until(b'\n', &mut self.line).await?;
        let line = String::from_utf8(mem::take(&mut self.line)).map_err(|_| io::ErrorKind::InvalidData)?;
        let line = line.trim_end();
        Ok((!line.is_empty()).then(|| line.to_owned()))
    }
}
