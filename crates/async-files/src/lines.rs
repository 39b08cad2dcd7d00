//! Reads the lines of a log, and of a log that grows.

use std::io::{self, SeekFrom};
use std::path::Path;
use std::time::Duration;

use tokio::fs::File;
use tokio::io::{AsyncBufRead, AsyncBufReadExt, AsyncSeekExt, BufReader};
use tokio::time::sleep;

/// A line of a log, without its end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// The text. `U+FFFD` replaces bytes that are not UTF-8.
    pub text: String,
    /// Whether the line was too long, so that the rest of it is missing.
    pub cut: bool,
}

/// Reads a log line by line. Its memory is bounded, whatever the log contains.
///
/// Bytes that are not UTF-8 do not stop the reading. A line that is too long is cut.
///
/// Source: [`AsyncBufReadExt::lines`](tokio::io::AsyncBufReadExt::lines), which does neither;
/// `for line in open(path, errors="replace")` in Python.
///
/// ```
/// use async_files::Lines;
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> std::io::Result<()> {
/// let mut lines = Lines::new(&b"caf\xe9\r\na very long line\nend"[..], 6);
/// let mut seen = Vec::new();
/// while let Some(line) = lines.next().await? {
///     seen.push((line.text, line.cut));
/// }
/// let expected = [("caf\u{fffd}", false), ("a very", true), ("end", false)];
/// assert_eq!(seen, expected.map(|(text, cut)| (text.to_owned(), cut)));
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
pub struct Lines<R> {
    reader: R,
    longest: usize,
    line: Vec<u8>,
    cut: bool,
}

impl<R: AsyncBufRead + Unpin> Lines<R> {
    /// Cuts lines after `longest` bytes, not counting the line ending.
    pub fn new(reader: R, longest: usize) -> Self {
        Self { reader, longest, line: Vec::new(), cut: false }
    }

    /// The next line, or `None` at the end. A last line without a line ending counts too.
    ///
    /// Cancel safe: yes. The bytes of the line that were already read are kept.
    ///
    /// # Errors
    ///
    /// If the file cannot be read.
    pub async fn next(&mut self) -> io::Result<Option<Line>> {
        let is_line = self.fill().await? || self.cut || !self.line.is_empty();
        Ok(is_line.then(|| self.take()))
    }

    /// Reads up to the end of the line (true), or up to the end of the file (false).
    async fn fill(&mut self) -> io::Result<bool> {
        loop {
            let bytes = self.reader.fill_buf().await?;
            if bytes.is_empty() {
                return Ok(false);
            }
            let end = bytes.iter().position(|byte| *byte == b'\n');
            let piece = &bytes[..end.unwrap_or(bytes.len())];
            // One byte more than the limit, because it may be the `\r` of `\r\n`.
            let fits = piece.len().min(self.longest.saturating_add(1) - self.line.len());
            self.line.extend_from_slice(&piece[..fits]);
            self.cut |= fits < piece.len();
            let used = piece.len() + usize::from(end.is_some());
            self.reader.consume(used);
            if end.is_some() {
                return Ok(true);
            }
        }
    }

    fn take(&mut self) -> Line {
        let bytes = self.line.strip_suffix(b"\r").unwrap_or(&self.line);
        let cut = std::mem::take(&mut self.cut) || bytes.len() > self.longest;
        let text = String::from_utf8_lossy(&bytes[..bytes.len().min(self.longest)]).into_owned();
        self.line.clear();
        Line { text, cut }
    }
}

/// Reads the lines of a growing file and never stops, as `tail -f` does.
///
/// At the end of the file it pauses and looks again. It returns a line only when the line ending is there.
/// If the file is shorter than what was read, it starts again at the beginning.
/// It does not notice if the file has already grown again before it looks.
/// It also does not notice if another file takes the name: then open the new file yourself.
///
/// Source: `tail -f`, which on Linux is woken by inotify; the crate `notify` does the same.
///
/// ```
/// use async_files::{Follow, write};
/// use std::time::Duration;
/// use tokio::fs::File;
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> std::io::Result<()> {
/// let folder = tempfile::tempdir()?;
/// let path = folder.path().join("log");
/// let mut log = File::create(&path).await?;
/// let mut follow = Follow::open(&path, 1_000, Duration::from_millis(5)).await?;
/// let writes = async {
///     write(&mut log, b"half a ").await?;
///     write(&mut log, b"line\n").await
/// };
/// let (written, line) = tokio::join!(writes, follow.next());
/// written?;
/// assert_eq!(line?.text, "half a line");
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
pub struct Follow {
    lines: Lines<BufReader<File>>,
    pause: Duration,
}

impl Follow {
    /// Follows this file from its beginning. At the end of the file, it waits for `pause` before it looks again. Lines are cut after `longest` bytes.
    ///
    /// # Errors
    ///
    /// If the file cannot be opened.
    pub async fn open(path: impl AsRef<Path>, longest: usize, pause: Duration) -> io::Result<Self> {
        let file = File::open(path).await?;
        Ok(Self { lines: Lines::new(BufReader::new(file), longest), pause })
    }

    /// Waits for the next line and returns it.
    ///
    /// Cancel safe: yes. The bytes of the line that were already read are kept.
    ///
    /// # Errors
    ///
    /// If the file cannot be read.
    pub async fn next(&mut self) -> io::Result<Line> {
        while !self.lines.fill().await? {
            let reader = &mut self.lines.reader;
            if reader.get_ref().metadata().await?.len() < reader.stream_position().await? {
                // Before the seek, because the caller may cancel during the seek.
                self.lines.line.clear();
                self.lines.cut = false;
                reader.seek(SeekFrom::Start(0)).await?;
            }
            sleep(self.pause).await;
        }
        Ok(self.lines.take())
    }
}
