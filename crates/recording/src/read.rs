//! Reads the JSON form as a stream. If the text is not a recording, the error explains why. No data is in memory twice.

use std::fmt::{self, Display, Formatter, Write as _};
use std::io::{self, BufRead};

use crate::json::{CLOCKS, KINDS, VERSION, quoted};
use crate::recording::{By, Lane, Level, Missing, Note, Outcome, Place, Poll, Recording, Value, Wake};

/// The form itself nests five levels deep. Skipped values may nest a little deeper.
const DEEPEST: usize = 32;

impl Recording {
    /// Reads a recording that [`Recording::to_json`], or the asyncio twin, wrote.
    ///
    /// # Errors
    ///
    /// If the text is not JSON, has another version, or has a missing or contradictory field. The error says what is wrong, and where.
    pub fn from_json(json: &str) -> Result<Self, ReadError> {
        Self::read_json(json.as_bytes())
    }

    /// Reads what [`Recording::write_json`] wrote.
    ///
    /// # Errors
    ///
    /// The errors of [`Recording::from_json`], and the errors of the reader.
    pub fn read_json(from: impl BufRead) -> Result<Self, ReadError> {
        let mut reader = Reader { from, line: 1, column: 1, path: Vec::new(), depth: 0 };
        let recording = recording(&mut reader)?;
        if reader.token()?.is_some() {
            return reader.broken();
        }
        check(&recording)?;
        Ok(recording)
    }
}

/// Why a text is not a recording.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ReadError {
    /// It is not JSON.
    Broken {
        /// The line of the first mistake, from 1.
        line: usize,
        /// The column of the first mistake, from 1.
        column: usize,
    },
    /// A program of another version wrote it.
    Version {
        /// The version of the text.
        version: u64,
    },
    /// A field is missing, or has a wrong value.
    Field {
        /// The path of the field: `lanes[3].closed`.
        path: String,
        /// What is wrong with the field.
        problem: String,
    },
    /// It could not be read.
    Unreadable {
        /// The message of the operating system.
        problem: String,
    },
}

impl Display for ReadError {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Broken { line, column } => {
                write!(f, "this is not a recording: the JSON is broken at line {line}, column {column}")
            }
            Self::Version { version } => {
                let cure = if *version > VERSION { "update the workbook" } else { "record it again" };
                write!(f, "this recording is version {version}; this program reads version {VERSION}: {cure}")
            }
            Self::Field { path, problem } => write!(f, "{path}: {problem}"),
            Self::Unreadable { problem } => f.write_str(problem),
        }
    }
}

impl std::error::Error for ReadError {}

type Read<T> = Result<T, ReadError>;

/// A step of the path to a field.
#[derive(Clone, Copy)]
enum Step {
    Key(&'static str),
    Index(usize),
}

struct Reader<R> {
    from: R,
    line: usize,
    column: usize,
    path: Vec<Step>,
    depth: usize,
}

impl<R: BufRead> Reader<R> {
    fn peek(&mut self) -> Read<Option<u8>> {
        let unreadable = |error: io::Error| ReadError::Unreadable { problem: error.to_string() };
        Ok(self.from.fill_buf().map_err(unreadable)?.first().copied())
    }

    fn take(&mut self) -> Read<Option<u8>> {
        let byte = self.peek()?;
        if let Some(byte) = byte {
            self.from.consume(1);
            match byte {
                b'\n' => (self.line, self.column) = (self.line + 1, 1),
                // The other bytes of a letter do not count as columns.
                0x80..=0xbf => {}
                _ => self.column += 1,
            }
        }
        Ok(byte)
    }

    fn broken<T>(&self) -> Read<T> {
        Err(ReadError::Broken { line: self.line, column: self.column })
    }

    fn wrong<T>(&self, problem: impl Display) -> Read<T> {
        let mut path = String::new();
        for step in &self.path {
            // Writing to a String cannot fail.
            let _ = match step {
                Step::Key(key) if path.is_empty() => write!(path, "{key}"),
                Step::Key(key) => write!(path, ".{key}"),
                Step::Index(index) => write!(path, "[{index}]"),
            };
        }
        Err(ReadError::Field { path, problem: problem.to_string() })
    }

    /// The first byte of the next token, without consuming it.
    fn token(&mut self) -> Read<Option<u8>> {
        while let Some(b' ' | b'\t' | b'\r' | b'\n') = self.peek()? {
            self.take()?;
        }
        self.peek()
    }

    fn expect(&mut self, wanted: u8) -> Read<()> {
        if self.token()? != Some(wanted) {
            return self.broken();
        }
        self.take().map(|_| ())
    }

    /// Whether another item follows in a list or an object that ends with this byte.
    fn goes_on(&mut self, first: bool, end: u8) -> Read<bool> {
        match self.token()? {
            Some(byte) if byte == end => {
                self.take()?;
                self.depth -= 1;
                Ok(false)
            }
            Some(b',') if !first => self.take().map(|_| true),
            Some(_) if first => Ok(true),
            _ => self.broken(),
        }
    }

    fn open(&mut self, wanted: &str, start: u8) -> Read<()> {
        if self.token()? != Some(start) {
            return self.misplaced(wanted);
        }
        self.depth += 1;
        if self.depth > DEEPEST {
            return self.broken();
        }
        self.take().map(|_| ())
    }

    /// The error for an unexpected token, or for text that is not JSON.
    fn misplaced<T>(&mut self, wanted: &str) -> Read<T> {
        self.skip()?;
        self.wrong(format!("expected {wanted}"))
    }

    /// Calls `read` for the value of each known field of an object. Skips the other fields.
    fn object(&mut self, keys: &[&'static str], mut read: impl FnMut(&mut Self, &str) -> Read<()>) -> Read<()> {
        self.open("an object", b'{')?;
        let (mut first, mut found) = (true, vec![false; keys.len()]);
        while self.goes_on(first, b'}')? {
            first = false;
            let key = self.string()?;
            self.expect(b':')?;
            let Some(index) = keys.iter().position(|known| *known == key) else {
                self.skip()?;
                continue;
            };
            found[index] = true;
            self.path.push(Step::Key(keys[index]));
            read(self, keys[index])?;
            self.path.pop();
        }
        let missing = found.iter().position(|found| !found);
        missing.map_or(Ok(()), |index| {
            self.path.push(Step::Key(keys[index]));
            self.wrong("is missing")
        })
    }

    fn list<T>(&mut self, mut read: impl FnMut(&mut Self) -> Read<T>) -> Read<Vec<T>> {
        self.open("a list", b'[')?;
        let mut items = Vec::new();
        while self.goes_on(items.is_empty(), b']')? {
            self.path.push(Step::Index(items.len()));
            items.push(read(self)?);
            self.path.pop();
        }
        Ok(items)
    }

    /// A list of a fixed length. The position of an item gives its meaning.
    fn tuple(&mut self, length: usize, what: &str, mut read: impl FnMut(&mut Self, usize) -> Read<()>) -> Read<()> {
        let mut count = 0;
        self.list(|reader| {
            count += 1;
            if count > length { reader.skip() } else { read(reader, count - 1) }
        })?;
        if count == length { Ok(()) } else { self.wrong(format!("expected {what}")) }
    }

    fn string(&mut self) -> Read<String> {
        self.expect(b'"')?;
        let mut text = Vec::new();
        loop {
            match self.take()? {
                None | Some(0..0x20) => return self.broken(),
                Some(b'"') => break,
                Some(b'\\') => {
                    let c = self.escape()?;
                    text.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
                }
                Some(byte) => text.push(byte),
            }
        }
        String::from_utf8(text).or_else(|_| self.broken())
    }

    fn escape(&mut self) -> Read<char> {
        let Some(byte) = self.take()? else { return self.broken() };
        Ok(match byte {
            b'"' | b'\\' | b'/' => char::from(byte),
            b'b' => '\u{8}',
            b'f' => '\u{c}',
            b'n' => '\n',
            b'r' => '\r',
            b't' => '\t',
            b'u' => {
                let mut units = vec![self.unit()?];
                if (0xd800..0xdc00).contains(&units[0]) {
                    self.expect(b'\\')?;
                    self.expect(b'u')?;
                    units.push(self.unit()?);
                }
                let c = char::decode_utf16(units).next().and_then(Result::ok);
                return c.map_or_else(|| self.broken(), Ok);
            }
            _ => return self.broken(),
        })
    }

    fn unit(&mut self) -> Read<u16> {
        let mut unit = 0;
        for _ in 0..4 {
            let digit = self.take()?.and_then(|byte| char::from(byte).to_digit(16));
            let Some(digit) = digit.and_then(|digit| u16::try_from(digit).ok()) else { return self.broken() };
            unit = unit * 16 + digit;
        }
        Ok(unit)
    }

    /// A number, `true`, `false` or `null`, as it is written.
    fn bare(&mut self) -> Read<String> {
        self.token()?;
        let mut text = String::new();
        while let Some(byte @ (b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'+' | b'-' | b'.')) = self.peek()? {
            text.push(char::from(byte));
            self.take()?;
        }
        let digits = text.strip_prefix('-').unwrap_or(&text);
        let is_number = digits.starts_with(|c: char| c.is_ascii_digit()) && text.parse::<f64>().is_ok();
        if is_number || matches!(text.as_str(), "true" | "false" | "null") { Ok(text) } else { self.broken() }
    }

    /// Any value.
    fn skip(&mut self) -> Read<()> {
        match self.token()? {
            Some(b'"') => self.string().map(|_| ()),
            Some(start @ (b'[' | b'{')) => {
                self.open("", start)?;
                let (end, mut first) = (if start == b'[' { b']' } else { b'}' }, true);
                while self.goes_on(first, end)? {
                    first = false;
                    if start == b'{' {
                        self.string()?;
                        self.expect(b':')?;
                    }
                    self.skip()?;
                }
                Ok(())
            }
            _ => self.bare().map(|_| ()),
        }
    }

    /// A value that is not a list or an object, if `read` takes it.
    fn value<T>(&mut self, wanted: &str, read: impl FnOnce(&str) -> Option<T>) -> Read<T> {
        if let Some(b'"' | b'[' | b'{') = self.token()? {
            return self.misplaced(wanted);
        }
        let text = self.bare()?;
        read(&text).map_or_else(|| self.wrong(format!("expected {wanted}")), Ok)
    }

    fn whole(&mut self) -> Read<u64> {
        self.value("a whole number", whole)
    }

    fn micros(&mut self) -> Read<u64> {
        self.value("a whole number of microseconds", whole)
    }

    fn truth(&mut self) -> Read<bool> {
        self.value("true or false", |text| text.parse().ok())
    }

    fn index(&mut self, wanted: &str) -> Read<usize> {
        self.value(wanted, |text| usize::try_from(whole(text)?).ok())
    }

    fn text(&mut self) -> Read<String> {
        if self.token()? == Some(b'"') { self.string() } else { self.misplaced("a text") }
    }

    fn optional<T>(&mut self, read: impl FnOnce(&mut Self) -> Read<T>) -> Read<Option<T>> {
        if self.token()? == Some(b'n') { self.bare().map(|_| None) } else { read(self).map(Some) }
    }

    fn one_of<T: Copy>(&mut self, choices: &[(&str, T)]) -> Read<T> {
        let wanted = || choices.iter().map(|(word, _)| quoted(word)).collect::<Vec<_>>().join(", ");
        if self.token()? != Some(b'"') {
            return self.misplaced(&format!("one of {}", wanted()));
        }
        let word = self.string()?;
        let choice = choices.iter().find(|(choice, _)| *choice == word);
        choice.map_or_else(|| self.wrong(format!("expected one of {}", wanted())), |(_, choice)| Ok(*choice))
    }

    fn place(&mut self) -> Read<Option<Place>> {
        self.optional(|reader| {
            let text = reader.text()?;
            let place = text
                .rsplit_once(':')
                .and_then(|(file, line)| Some(Place { file: file.to_owned().into(), line: line.parse().ok()? }));
            place.map_or_else(|| reader.wrong(r#"expected a place, "file:line""#), Ok)
        })
    }
}

fn whole(text: &str) -> Option<u64> {
    // Every JSON reader keeps whole numbers up to 2⁵³ exactly.
    text.parse().ok().filter(|number| *number <= 1 << 53)
}

fn recording<R: BufRead>(reader: &mut Reader<R>) -> Read<Recording> {
    let mut read = Recording::default();
    let keys = ["version", "title", "clock", "ended", "threads", "multi_thread", "missing", "lanes", "levels", "notes"];
    reader.object(&keys, |reader, key| {
        match key {
            "version" => {
                let version = reader.whole()?;
                if version != VERSION {
                    return Err(ReadError::Version { version });
                }
            }
            "title" => read.title = reader.text()?,
            "clock" => read.clock = reader.one_of(&CLOCKS)?,
            "ended" => read.ended = reader.micros()?,
            "threads" => read.threads = reader.list(Reader::text)?,
            "multi_thread" => read.multi_thread = reader.truth()?,
            "missing" => read.missing = missing(reader)?,
            "lanes" => read.lanes = reader.list(lane)?,
            "levels" => read.levels = reader.list(level)?,
            _ => read.notes = reader.list(note)?,
        }
        Ok(())
    })?;
    Ok(read)
}

fn missing<R: BufRead>(reader: &mut Reader<R>) -> Read<Missing> {
    let mut missing = Missing::default();
    reader.object(&["finished", "notes", "early", "filtered"], |reader, key| {
        let count = reader.whole()?;
        match key {
            "finished" => missing.finished = count,
            "notes" => missing.notes = count,
            "early" => missing.early = count,
            _ => missing.filtered = count,
        }
        Ok(())
    })?;
    Ok(missing)
}

fn lane<R: BufRead>(reader: &mut Reader<R>) -> Read<Lane> {
    let mut lane = Lane::default();
    let keys = [
        "name",
        "kind",
        "parent",
        "place",
        "opened",
        "opened_seq",
        "polls",
        "wakes",
        "notes",
        "polling",
        "outcome",
        "closed",
        "closed_seq",
    ];
    let outcomes = Outcome::ALL.map(|outcome| (outcome.words(), outcome));
    reader.object(&keys, |reader, key| {
        match key {
            "name" => lane.name = reader.text()?,
            "kind" => lane.kind = reader.one_of(&KINDS)?,
            "parent" => lane.parent = reader.optional(|reader| reader.index(EARLIER))?,
            "place" => lane.place = reader.place()?,
            "opened" => lane.opened = reader.micros()?,
            "opened_seq" => lane.opened_seq = reader.whole()?,
            "polls" => lane.polls = reader.list(poll)?,
            "wakes" => lane.wakes = reader.list(wake)?,
            "notes" => lane.notes = reader.list(note)?,
            "polling" => lane.polling = reader.truth()?,
            "outcome" => lane.outcome = reader.optional(|reader| reader.one_of(&outcomes))?,
            "closed" => lane.closed = reader.optional(Reader::micros)?,
            _ => lane.closed_seq = reader.optional(Reader::whole)?,
        }
        Ok(())
    })?;
    Ok(lane)
}

const EARLIER: &str = "the number of an earlier lane";

fn poll<R: BufRead>(reader: &mut Reader<R>) -> Read<Poll> {
    let mut poll = Poll::default();
    let what = "eight numbers, [at, until, count, longest, thread, busy, seq, until_seq]";
    reader.tuple(8, what, |reader, index| {
        match index {
            0 => poll.at = reader.micros()?,
            1 => poll.until = reader.micros()?,
            2 => poll.count = u32::try_from(reader.whole()?).unwrap_or(u32::MAX),
            3 => poll.longest = reader.micros()?,
            4 => {
                let number = |text: &str| text.parse().ok();
                poll.thread = reader.optional(|reader| reader.value("the number of a thread, or null", number))?;
            }
            5 => poll.busy = reader.micros()?,
            6 => poll.seq = reader.whole()?,
            _ => poll.until_seq = reader.whole()?,
        }
        Ok(())
    })?;
    if poll.until < poll.at || poll.until_seq < poll.seq || poll.count == 0 {
        return reader.wrong("it ends before it begins, or stands for no poll");
    }
    Ok(poll)
}

fn wake<R: BufRead>(reader: &mut Reader<R>) -> Read<Wake> {
    let mut wake = Wake { at: 0, seq: 0, by: By::Outside, until: None, count: 0 };
    reader.tuple(5, "five things, [at, seq, by, until, count]", |reader, index| {
        match index {
            0 => wake.at = reader.micros()?,
            1 => wake.seq = reader.whole()?,
            2 if reader.token()? == Some(b'"') => {
                wake.by = reader.one_of(&[("runtime", By::Runtime), ("outside", By::Outside)])?;
            }
            2 => wake.by = By::Lane(reader.index("the number of a lane, \"runtime\" or \"outside\"")?),
            3 => wake.until = reader.optional(Reader::micros)?,
            _ => wake.count = reader.whole()?,
        }
        Ok(())
    })?;
    if wake.until.is_some_and(|until| until < wake.at) || wake.count == 0 {
        return reader.wrong("it was polled before it was woken, or stands for no wake");
    }
    Ok(wake)
}

fn level<R: BufRead>(reader: &mut Reader<R>) -> Read<Level> {
    let mut level = Level::default();
    reader.object(&["name", "place", "values"], |reader, key| {
        match key {
            "name" => level.name = reader.text()?,
            "place" => level.place = reader.place()?,
            _ => level.values = reader.list(value)?,
        }
        Ok(())
    })?;
    Ok(level)
}

fn value<R: BufRead>(reader: &mut Reader<R>) -> Read<Value> {
    let mut value = Value { at: 0, seq: 0, value: 0, limit: None };
    reader.tuple(4, "four numbers, [at, seq, value, limit]", |reader, index| {
        match index {
            0 => value.at = reader.micros()?,
            1 => value.seq = reader.whole()?,
            2 => value.value = reader.whole()?,
            _ => value.limit = reader.optional(Reader::whole)?,
        }
        Ok(())
    })?;
    Ok(value)
}

fn note<R: BufRead>(reader: &mut Reader<R>) -> Read<Note> {
    let mut note = Note { at: 0, seq: 0, text: String::new(), place: None };
    reader.object(&["at", "seq", "text", "place"], |reader, key| {
        match key {
            "at" => note.at = reader.micros()?,
            "seq" => note.seq = reader.whole()?,
            "text" => note.text = reader.text()?,
            _ => note.place = reader.place()?,
        }
        Ok(())
    })?;
    Ok(note)
}

/// Checks that concern more than one field.
fn check(recording: &Recording) -> Read<()> {
    let wrong = |path: String, problem: &str| Err(ReadError::Field { path, problem: problem.to_owned() });
    for (number, lane) in recording.lanes.iter().enumerate() {
        let path = format!("lanes[{number}]");
        if lane.parent.is_some_and(|parent| parent >= number) {
            return wrong(path + ".parent", "expected the number of an earlier lane");
        }
        let threads = recording.threads.len().max(1);
        if let Some(at) =
            lane.polls.iter().position(|poll| poll.thread.is_some_and(|thread| usize::from(thread) >= threads))
        {
            return wrong(format!("{path}.polls[{at}]"), "its thread, the fifth number, is not in the list of threads");
        }
        let unknown = |wake: &Wake| matches!(wake.by, By::Lane(by) if by >= recording.lanes.len());
        if let Some(at) = lane.wakes.iter().position(unknown) {
            return wrong(format!("{path}.wakes[{at}]"), "the lane that is said to have woken it does not exist");
        }
        if lane.opened > lane.closed.unwrap_or(recording.ended) {
            return wrong(path, "it ends before it was opened");
        }
        if lane.outcome.is_some() != lane.closed.is_some() || lane.closed.is_some() != lane.closed_seq.is_some() {
            return wrong(path, "outcome, closed and closed_seq must be all given, or all null");
        }
        if lane.polling && (lane.outcome.is_some() || lane.polls.is_empty()) {
            return wrong(path, "polling cannot be true: the lane has ended, or has no poll");
        }
    }
    Ok(())
}
