//! "A piece is text": a character of two bytes may come in two pieces.
//!
//! Caught by: loses nothing, whatever the pieces

use std::io;

use std::mem;

use tokio::io::{AsyncRead, AsyncReadExt};

pub struct LineReader<R> {
    reader: R,
    text: String,
}

impl<R: AsyncRead + Unpin> LineReader<R> {
    pub fn new(reader: R) -> Self {
        Self { reader, text: String::new() }
    }

    pub async fn next_line(&mut self) -> io::Result<Option<String>> {
        loop {
            if let Some((line, rest)) = self.text.split_once('\n') {
                let (line, rest) = (line.to_owned(), rest.to_owned());
                self.text = rest;
                return Ok(Some(line));
            }
            let mut piece = [0; 1024];
            let length = self.reader.read(&mut piece).await?;
            if length == 0 {
                return Ok(Some(mem::take(&mut self.text)).filter(|line| !line.is_empty()));
            }
            self.text.push_str(&String::from_utf8_lossy(&piece[..length]));
        }
    }
}
