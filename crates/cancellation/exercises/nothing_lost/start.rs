//! Lines, and none is lost: README.md beside this file says what is wanted.

use std::io;

use tokio::io::AsyncRead;

/// Reads lines; give it what it needs to lose none.
pub struct LineReader<R> {
    reader: R,
}

impl<R: AsyncRead + Unpin> LineReader<R> {
    /// A reader of the lines that this stream brings.
    pub fn new(reader: R) -> Self {
        Self { reader }
    }

    /// The next line, without the `\n` at its end; `None` at the end of the stream.
    ///
    /// Cancel safe: yes.
    pub async fn next_line(&mut self) -> io::Result<Option<String>> {
        todo!()
    }
}
