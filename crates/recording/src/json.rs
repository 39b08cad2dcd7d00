//! The JSON form of a recording, version 2.
//!
//! All times are whole microseconds since the recording started. No number is above 2⁵³, because every JSON reader keeps such numbers exactly.
//! The keys have this order, each lane has one line, and equal recordings give equal bytes.
//!
//! A **sequence number** says in which order things happened, also within one instant: an opening, the beginning and the end of a poll, a wake, a note,
//! a change of a level, the end of a lane. All sequence numbers of a recording come from one count, which starts at 0 and may skip numbers.
//! What happens in a poll has numbers between those of the poll's beginning and end.
//!
//! | field | what it is |
//! |---|---|
//! | `version` | 2. It grows when a change would make today's readers misunderstand the file |
//! | `title` | what was recorded, as a heading |
//! | `clock` | `"virtual"` or `"real"`: the clock of all times |
//! | `ended` | microseconds: when the recording was taken |
//! | `threads` | the names of the threads that polled; empty on the virtual clock |
//! | `multi_thread` | whether a multi-thread runtime polled the lanes |
//! | `missing` | what the recording does not contain: `{"finished": lanes dropped to save memory, the oldest first, "notes": notes dropped to save memory, "early": lanes made before the recorder, "filtered": lanes whose span did not reach it}` |
//! | `lanes` | the lanes, in the order in which they were opened |
//! | `levels` | numbers over time, in the order in which they were first given |
//! | `notes` | the notes taken outside every lane |
//!
//! A lane:
//!
//! | field | what it is |
//! |---|---|
//! | `name` | the name given to `.lane(name)` |
//! | `kind` | `"future"`, or `"blocking"` for a closure on another thread |
//! | `parent` | the number, from 0, of the lane in whose poll this one was opened, always smaller than its own number; or null |
//! | `place` | the line of source that opened it, `"file:line"`; or null |
//! | `opened` | microseconds: when it was opened, polled or not |
//! | `opened_seq` | the sequence number of its opening |
//! | `polls` | its polls, each as `[at, until, count, longest, thread, busy, seq, until_seq]`, see below |
//! | `wakes` | what made it ready, each as `[at, seq, by, until, count]`, see below |
//! | `notes` | the notes taken in it |
//! | `polling` | whether it was being polled when the recording was taken; its last poll is that one |
//! | `outcome` | `"finished"`, `"failed"`, `"panicked"`, `"cancelled"` or `"never started"`; null while it was still open |
//! | `closed` | microseconds: when it ended; null while it was still open |
//! | `closed_seq` | the sequence number of its end; null while it was still open |
//!
//! An entry of `polls` is one poll, or several neighbours merged into one:
//!
//! | field | what it is |
//! |---|---|
//! | `at`, `until` | microseconds: when the first of them began, and when the last one ended |
//! | `count` | how many polls the entry stands for |
//! | `longest` | microseconds: the longest of them, without the polls of lanes nested in it |
//! | `thread` | a number into `threads`; 0 if that list is empty, null for polls on several threads |
//! | `busy` | microseconds: all of them together, without the polls of nested lanes |
//! | `seq`, `until_seq` | the sequence numbers of the beginning and of the end |
//!
//! A poll with more than 10,000 microseconds of its own is never merged.
//!
//! An entry of `wakes` is one wake, or several neighbours merged into one:
//!
//! | field | what it is |
//! |---|---|
//! | `at`, `seq` | microseconds and the sequence number, of the first of them |
//! | `by` | what woke the lane: the number of the lane whose poll or drop did it, `"runtime"` (a timer, a socket, the scheduler), or `"outside"` (a thread or a task without a lane) |
//! | `until` | microseconds: when the lane was polled after that; null if it never was |
//! | `count` | how many wakes the entry stands for, including the first one |
//!
//! Only a wake that makes a lane ready is written, not a second one before the next poll.
//! A wake after which the lane was held up is never merged: for more than 10,000 microseconds on the real clock, or for any time on the virtual one.
//!
//! A level is `{"name": the name given to level(name, ..), "place": the line of source that first set it, "values": its changes, each as [at, seq, value, limit or null]}`.
//!
//! A note is `{"at": microseconds, "seq": its sequence number, "text": what was said, "place": "file:line" or null}`.

use std::fmt::Display;
use std::io::{self, Write};

use crate::recording::{By, Clock, Kind, Lane, Level, Note, Place, Poll, Recording, Value, Wake};

/// The version that this program writes and reads.
pub(crate) const VERSION: u64 = 2;

pub(crate) const CLOCKS: [(&str, Clock); 2] = [("virtual", Clock::Virtual), ("real", Clock::Real)];
pub(crate) const KINDS: [(&str, Kind); 2] = [("future", Kind::Future), ("blocking", Kind::Blocking)];

impl Recording {
    /// The recording as JSON, ending in a line break.
    ///
    /// The form is documented field by field at the top of `src/json.rs`; [`Recording::from_json`] reads it back.
    /// Equal recordings give equal bytes.
    #[must_use]
    pub fn to_json(&self) -> String {
        let mut json = Vec::new();
        // Writing to memory cannot fail, and all that is written is text.
        let _ = self.write_json(&mut json);
        String::from_utf8(json).unwrap_or_default()
    }

    /// Writes what [`Recording::to_json`] returns, piece by piece. Give it a buffered writer.
    ///
    /// # Errors
    ///
    /// The errors of the writer.
    pub fn write_json(&self, to: &mut impl Write) -> io::Result<()> {
        let (title, clock) = (quoted(&self.title), word(&CLOCKS, self.clock));
        let (ended, multi_thread, missing) = (self.ended, self.multi_thread, self.missing);
        write!(to, r#"{{"version":{VERSION},"title":{title},"clock":"{clock}","ended":{ended},"threads":["#)?;
        list(to, &self.threads, ",", |to, name| write!(to, "{}", quoted(name)))?;
        write!(to, r#"],"multi_thread":{multi_thread},"#)?;
        let counts = (missing.finished, missing.notes, missing.early, missing.filtered);
        let (finished, notes, early, filtered) = counts;
        write!(to, r#""missing":{{"finished":{finished},"notes":{notes},"early":{early},"filtered":{filtered}}},"#)?;
        write!(to, "\n\"lanes\":[\n")?;
        list(to, &self.lanes, ",\n", write_lane)?;
        write!(to, "\n],\n\"levels\":[")?;
        list(to, &self.levels, ",\n", write_level)?;
        write!(to, "],\n\"notes\":[")?;
        list(to, &self.notes, ",", write_note)?;
        writeln!(to, "]}}")
    }
}

fn write_lane(to: &mut impl Write, lane: &Lane) -> io::Result<()> {
    let (name, kind, place) = (quoted(&lane.name), word(&KINDS, lane.kind), place_json(lane.place.as_ref()));
    let (parent, opened, opened_seq) = (or_null(lane.parent), lane.opened, lane.opened_seq);
    write!(to, r#"{{"name":{name},"kind":"{kind}","parent":{parent},"place":{place},"#)?;
    write!(to, r#""opened":{opened},"opened_seq":{opened_seq},"polls":["#)?;
    list(to, &lane.polls, ",", |to, poll| {
        let Poll { at, until, count, longest, busy, seq, until_seq, .. } = poll;
        write!(to, "[{at},{until},{count},{longest},{},{busy},{seq},{until_seq}]", or_null(poll.thread))
    })?;
    write!(to, r#"],"wakes":["#)?;
    list(to, &lane.wakes, ",", |to, wake| {
        let Wake { at, seq, by, until, count } = wake;
        let by = match by {
            By::Lane(number) => number.to_string(),
            By::Runtime => quoted("runtime"),
            By::Outside => quoted("outside"),
        };
        write!(to, "[{at},{seq},{by},{},{count}]", or_null(*until))
    })?;
    write!(to, r#"],"notes":["#)?;
    list(to, &lane.notes, ",", write_note)?;
    let (outcome, closed) = (or_null(lane.outcome.map(|outcome| quoted(outcome.words()))), or_null(lane.closed));
    let (polling, closed_seq) = (lane.polling, or_null(lane.closed_seq));
    write!(to, r#"],"polling":{polling},"outcome":{outcome},"closed":{closed},"closed_seq":{closed_seq}}}"#)
}

fn write_level(to: &mut impl Write, level: &Level) -> io::Result<()> {
    let (name, place) = (quoted(&level.name), place_json(level.place.as_ref()));
    write!(to, r#"{{"name":{name},"place":{place},"values":["#)?;
    list(to, &level.values, ",", |to, Value { at, seq, value, limit }| {
        write!(to, "[{at},{seq},{value},{}]", or_null(*limit))
    })?;
    write!(to, "]}}")
}

fn write_note(to: &mut impl Write, Note { at, seq, text, place }: &Note) -> io::Result<()> {
    write!(to, r#"{{"at":{at},"seq":{seq},"text":{},"place":{}}}"#, quoted(text), place_json(place.as_ref()))
}

fn place_json(place: Option<&Place>) -> String {
    or_null(place.map(|place| quoted(&place.to_string())))
}

/// A JSON string: in quotes, escaped.
pub(crate) fn quoted(text: &str) -> String {
    let mut json = String::with_capacity(text.len() + 2);
    json.push('"');
    for c in text.chars() {
        match c {
            '"' | '\\' => json.extend(['\\', c]),
            '\0'..='\x1f' => json.extend(format!("\\u{:04x}", u32::from(c)).chars()),
            _ => json.push(c),
        }
    }
    json.push('"');
    json
}

fn or_null(value: Option<impl Display>) -> String {
    value.map_or_else(|| "null".to_owned(), |value| value.to_string())
}

fn word<T: Copy + PartialEq>(choices: &[(&'static str, T)], wanted: T) -> &'static str {
    choices.iter().find(|(_, choice)| *choice == wanted).map_or("", |(word, _)| word)
}

fn list<W: Write, T>(
    to: &mut W,
    items: &[T],
    between: &str,
    mut each: impl FnMut(&mut W, &T) -> io::Result<()>,
) -> io::Result<()> {
    for (index, item) in items.iter().enumerate() {
        if index > 0 {
            to.write_all(between.as_bytes())?;
        }
        each(to, item)?;
    }
    Ok(())
}
