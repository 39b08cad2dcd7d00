//! A client of a line protocol, over any stream of bytes.

use std::io::{Error, ErrorKind, Result};
use std::time::Duration;

use tokio::io::{AsyncBufReadExt, AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, BufReader};
use tokio::time::timeout;

/// The maximum length of an answer in bytes, including its end of line.
pub const MOST: u64 = 1_024;

/// Writes a line, and reads one line as the answer, both within `limit`.
///
/// The stream is generic: a TCP connection in production, [`tokio::io::duplex`] or a script in tests.
/// Lines end with `\n`. The returned answer does not include it. Do not use the stream afterwards: bytes after the answer are lost.
///
/// Cancel safe: no. If you drop the call, part of the question may have been sent.
///
/// # Errors
///
/// [`ErrorKind::TimedOut`] after the limit; [`ErrorKind::UnexpectedEof`] if the stream ends before the end of the line;
/// [`ErrorKind::InvalidData`] if the answer is longer than [`MOST`] bytes or is not UTF-8; and the errors of the stream.
///
/// # Panics
///
/// Outside a Tokio runtime with time enabled.
///
/// Source: [`AsyncBufReadExt::read_until`].
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> std::io::Result<()> {
/// # use std::time::Duration;
/// use tokio_test::io::Builder;
///
/// let server = Builder::new().write(b"PING\n").read(b"PO").read(b"NG\n").build();
/// assert_eq!(testing::ask(server, "PING", Duration::from_secs(1)).await?, "PONG");
/// # Ok(()) }
/// ```
pub async fn ask(mut stream: impl AsyncRead + AsyncWrite + Unpin, question: &str, limit: Duration) -> Result<String> {
    let answer = async {
        stream.write_all(format!("{question}\n").as_bytes()).await?;
        stream.flush().await?;
        let mut answer = Vec::new();
        BufReader::new(stream).take(MOST).read_until(b'\n', &mut answer).await?;
        match answer.pop() {
            Some(b'\n') => String::from_utf8(answer).map_err(|error| Error::new(ErrorKind::InvalidData, error)),
            Some(_) if answer.len() as u64 + 1 == MOST => {
                Err(Error::new(ErrorKind::InvalidData, "the answer is too long"))
            }
            _ => Err(ErrorKind::UnexpectedEof.into()),
        }
    };
    timeout(limit, answer).await.unwrap_or_else(|_elapsed| Err(ErrorKind::TimedOut.into()))
}
