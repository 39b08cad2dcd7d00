//! The JSON form of a recording, version 1.
//!
//! All times are whole microseconds since the recording started; no number is above 2⁵³, which every JSON reader keeps exactly.
//! The keys stand in this order, one lane stands on one line, and equal recordings give equal bytes.
//!
//! | field | what it is |
//! |---|---|
//! | `version` | 1. It grows when a reader of today would misunderstand the file |
//! | `title` | what was recorded, as a heading |
//! | `clock` | `"virtual"` or `"real"`: the clock that all times are of |
//! | `ended` | microseconds: when the recording was taken |
//! | `threads` | the names of the threads that polled; empty on the virtual clock |
//! | `multi_thread` | whether a multi-thread runtime polled the lanes |
//! | `lanes` | the lanes, in the order in which they were opened |
//! | `notes` | the notes taken outside every lane |
//!
//! A lane:
//!
//! | field | what it is |
//! |---|---|
//! | `name` | the name given to `.lane(name)` |
//! | `kind` | `"future"`, or `"blocking"` for a closure on another thread |
//! | `parent` | the number, from 0, of the lane in whose poll this one was opened, always smaller than its own; or null |
//! | `place` | the line of source that opened it, `"file:line"`; or null |
//! | `opened` | microseconds: when the future came to exist, polled or not |
//! | `polls` | its polls, each as `[at, until, count, longest, thread]`: microseconds it began and ended; how many polls this entry stands for; microseconds of the longest of them, less the polls nested in it; the thread, a number into `threads` (0 where that is empty) |
//! | `notes` | the notes taken in it |
//! | `outcome` | `"finished"`, `"failed"`, `"panicked"`, `"cancelled"` or `"never started"`; null while it was still open |
//! | `closed` | microseconds: when it ended; null while it was still open |
//!
//! A note is `{"at": microseconds, "text": what was said, "place": "file:line" or null}`.

use std::collections::HashMap;
use std::fmt::{self, Display, Formatter};

use tinyjson::{JsonParser, JsonValue};

use crate::recording::{Clock, Kind, Lane, Note, Outcome, Place, Poll, Recording};

/// The version that this program writes, and the newest that it reads.
const VERSION: u64 = 1;

/// The form itself nests five deep; the parser recurses, so a file of a million brackets must not reach it.
const DEEPEST: usize = 32;

const CLOCKS: [(&str, Clock); 2] = [("virtual", Clock::Virtual), ("real", Clock::Real)];
const KINDS: [(&str, Kind); 2] = [("future", Kind::Future), ("blocking", Kind::Blocking)];

impl Recording {
    /// The recording as JSON, ending in a line break.
    ///
    /// The form is documented field by field at the top of `src/json.rs`; [`Recording::from_json`] reads it back.
    /// Equal recordings give equal bytes.
    #[must_use]
    pub fn to_json(&self) -> String {
        let Self { title, clock, ended, threads, multi_thread, lanes, notes } = self;
        let (title, clock) = (quoted(title), if *clock == Clock::Virtual { "virtual" } else { "real" });
        let (threads, notes) = (joined(threads, ",", |name| quoted(name)), joined(notes, ",", note_json));
        let lanes = joined(lanes, ",\n", lane_json);
        format!(
            r#"{{"version":{VERSION},"title":{title},"clock":"{clock}","ended":{ended},"threads":[{threads}],"multi_thread":{multi_thread},
"lanes":[
{lanes}
],
"notes":[{notes}]}}
"#
        )
    }

    /// Reads a recording that [`Recording::to_json`], or the asyncio twin, wrote.
    ///
    /// # Errors
    ///
    /// Says what is wrong, and where, if the text is not JSON, is of a newer version, or lacks or contradicts itself in a field.
    pub fn from_json(json: &str) -> Result<Self, ReadError> {
        check_depth(json)?;
        let parsed = JsonParser::new(json.chars()).parse();
        let value = parsed.map_err(|error| ReadError::Broken { line: error.line(), column: error.column() })?;
        let top = Part { value: Some(&value), path: String::new() };
        let version = top.field("version").read("a whole number", whole)?;
        if version > VERSION {
            return Err(ReadError::Newer { version });
        }
        let mut recording = Self {
            title: text(&top.field("title"))?,
            clock: top.field("clock").one_of(&CLOCKS)?,
            ended: micros(&top.field("ended"))?,
            threads: top.field("threads").list(text)?,
            multi_thread: top.field("multi_thread").read("true or false", |value| value.get().copied())?,
            lanes: Vec::new(),
            notes: top.field("notes").list(note)?,
        };
        let mut numbers = 0..;
        recording.lanes = top.field("lanes").list(|part| lane(part, numbers.next(), &recording))?;
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
    /// A newer program wrote it.
    Newer {
        /// The version it has.
        version: u64,
    },
    /// A field is missing, or is not what it has to be.
    Field {
        /// The way to the field: `lanes[3].closed`.
        path: String,
        /// What is wrong with it.
        problem: String,
    },
}

impl Display for ReadError {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Broken { line, column } => {
                write!(f, "this is not a recording: the JSON is broken at line {line}, column {column}")
            }
            Self::Newer { version } => write!(
                f,
                "this recording is version {version}; this program reads up to version {VERSION}: update the workbook"
            ),
            Self::Field { path, problem } => write!(f, "{path}: {problem}"),
        }
    }
}

impl std::error::Error for ReadError {}

fn lane_json(lane: &Lane) -> String {
    let (name, kind) = (quoted(&lane.name), if lane.kind == Kind::Future { "future" } else { "blocking" });
    let (parent, place, opened) = (or_null(lane.parent), place_json(lane.place.as_ref()), lane.opened);
    let polls = joined(&lane.polls, ",", |Poll { at, until, count, longest, thread }| {
        format!("[{at},{until},{count},{longest},{thread}]")
    });
    let notes = joined(&lane.notes, ",", note_json);
    let (outcome, closed) = (or_null(lane.outcome.map(|outcome| quoted(outcome.words()))), or_null(lane.closed));
    format!(
        r#"{{"name":{name},"kind":"{kind}","parent":{parent},"place":{place},"opened":{opened},"polls":[{polls}],"notes":[{notes}],"outcome":{outcome},"closed":{closed}}}"#
    )
}

fn note_json(Note { at, text, place }: &Note) -> String {
    format!(r#"{{"at":{at},"text":{},"place":{}}}"#, quoted(text), place_json(place.as_ref()))
}

fn place_json(place: Option<&Place>) -> String {
    or_null(place.map(|place| quoted(&place.to_string())))
}

/// A JSON string: in quotes, escaped.
pub(crate) fn quoted(text: &str) -> String {
    let mut json = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => json.extend(['\\', c]),
            '\0'..='\x1f' => json.extend(format!("\\u{:04x}", u32::from(c)).chars()),
            _ => json.push(c),
        }
    }
    json + "\""
}

fn or_null(value: Option<impl Display>) -> String {
    value.map_or_else(|| "null".to_owned(), |value| value.to_string())
}

fn joined<T>(items: &[T], between: &str, json: impl Fn(&T) -> String) -> String {
    items.iter().map(json).collect::<Vec<_>>().join(between)
}

fn check_depth(json: &str) -> Result<(), ReadError> {
    let (mut depth, mut quoted, mut escaped) = (0_usize, false, false);
    for (index, c) in json.char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = quoted,
            '"' => quoted = !quoted,
            '[' | '{' if !quoted => depth += 1,
            ']' | '}' if !quoted => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth > DEEPEST {
            let lines = json[..=index].split('\n');
            let (line, column) = lines.fold((0, 0), |(line, _), text| (line + 1, text.chars().count()));
            return Err(ReadError::Broken { line, column });
        }
    }
    Ok(())
}

/// A value that may be missing, and the way to it.
struct Part<'a> {
    value: Option<&'a JsonValue>,
    path: String,
}

impl<'a> Part<'a> {
    fn wrong<T>(&self, problem: impl Display) -> Result<T, ReadError> {
        Err(ReadError::Field { path: self.path.clone(), problem: problem.to_string() })
    }

    /// The value, if `read` takes it for what is wanted here.
    fn read<T>(&self, wanted: &str, read: impl FnOnce(&'a JsonValue) -> Option<T>) -> Result<T, ReadError> {
        let Some(value) = self.value else { return self.wrong(format!("{wanted} is missing")) };
        read(value).map_or_else(|| self.wrong(format!("{wanted} should stand here")), Ok)
    }

    fn field(&self, key: &str) -> Self {
        let dot = if self.path.is_empty() { "" } else { "." };
        let fields = self.value.and_then(JsonValue::get::<HashMap<_, _>>);
        Self { value: fields.and_then(|fields| fields.get(key)), path: format!("{}{dot}{key}", self.path) }
    }

    fn list<T>(&self, mut read: impl FnMut(&Self) -> Result<T, ReadError>) -> Result<Vec<T>, ReadError> {
        let items = self.read("a list", JsonValue::get::<Vec<_>>)?.iter().enumerate();
        items
            .map(|(index, value)| read(&Self { value: Some(value), path: format!("{}[{index}]", self.path) }))
            .collect()
    }

    fn optional<T>(&self, read: impl FnOnce(&Self) -> Result<T, ReadError>) -> Result<Option<T>, ReadError> {
        if let Some(JsonValue::Null) = self.value { Ok(None) } else { read(self).map(Some) }
    }

    fn one_of<T: Copy>(&self, choices: &[(&str, T)]) -> Result<T, ReadError> {
        let wanted = format!("one of {}", joined(choices, ", ", |(word, _)| quoted(word)));
        let choice = |word: &String| choices.iter().find(|(choice, _)| choice == word);
        self.read(&wanted, |value| value.get().and_then(choice)).map(|(_, choice)| *choice)
    }
}

fn whole(value: &JsonValue) -> Option<u64> {
    let number: &f64 = value.get()?;
    // Up to 2⁵³ every whole number has a floating-point number of its own.
    let exact = number.fract() == 0.0 && (0.0..=9_007_199_254_740_992.0).contains(number);
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "whole, and from 0 to 2⁵³")]
    exact.then_some(*number as u64)
}

fn micros(part: &Part<'_>) -> Result<u64, ReadError> {
    part.read("a whole number of microseconds", whole)
}

fn text(part: &Part<'_>) -> Result<String, ReadError> {
    part.read("a text", |value| value.get().cloned())
}

fn place(part: &Part<'_>) -> Result<Place, ReadError> {
    part.read("a place, \"file:line\",", |value| {
        let (file, line) = value.get::<String>()?.rsplit_once(':')?;
        Some(Place { file: file.to_owned().into(), line: line.parse().ok()? })
    })
}

fn note(part: &Part<'_>) -> Result<Note, ReadError> {
    let place = part.field("place").optional(place)?;
    Ok(Note { at: micros(&part.field("at"))?, text: text(&part.field("text"))?, place })
}

fn poll(part: &Part<'_>, threads: usize) -> Result<Poll, ReadError> {
    let [at, until, count, longest, thread] = part.list(|number| number.read("a whole number", whole))?[..] else {
        return part.wrong("five numbers, [at, until, count, longest, thread], should stand here");
    };
    match usize::try_from(thread) {
        _ if until < at || count == 0 => part.wrong("it ends before it begins, or stands for no poll"),
        Ok(thread) if thread < threads.max(1) => Ok(Poll { at, until, count, longest, thread }),
        _ => part.wrong("its thread, the fifth number, is not in the list of threads"),
    }
}

fn lane(part: &Part<'_>, number: Option<usize>, recording: &Recording) -> Result<Lane, ReadError> {
    let earlier =
        |value| whole(value).and_then(|parent| usize::try_from(parent).ok()).filter(|&parent| Some(parent) < number);
    let outcomes = Outcome::ALL.map(|outcome| (outcome.words(), outcome));
    let lane = Lane {
        name: text(&part.field("name"))?,
        kind: part.field("kind").one_of(&KINDS)?,
        parent: part.field("parent").optional(|parent| parent.read("the number of an earlier lane", earlier))?,
        place: part.field("place").optional(place)?,
        opened: micros(&part.field("opened"))?,
        polls: part.field("polls").list(|part| poll(part, recording.threads.len()))?,
        notes: part.field("notes").list(note)?,
        outcome: part.field("outcome").optional(|outcome| outcome.one_of(&outcomes))?,
        closed: part.field("closed").optional(micros)?,
    };
    if lane.opened > lane.closed.unwrap_or(recording.ended) {
        return part.wrong("it ends before it was opened");
    }
    if lane.outcome.is_some() != lane.closed.is_some() {
        return part.wrong("outcome and closed stand together: both given, or both null");
    }
    Ok(lane)
}
