//! What a reader may type after `--`.

use std::ffi::OsString;
use std::fmt::Write as _;
use std::ops::RangeInclusive;
use std::path::PathBuf;

use lexopt::Arg::{Long, Short, Value};
use lexopt::ValueExt;

use crate::lines::wrapped;
use crate::scene::Knob;
use crate::script::Story;

/// Who tells the story.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Players {
    #[default]
    Tokio,
    Asyncio,
    Both,
}

/// What the reader typed.
#[derive(Debug, Default)]
pub(crate) struct Flags {
    pub(crate) help: bool,
    pub(crate) fast: bool,
    pub(crate) naive: bool,
    pub(crate) players: Players,
    pub(crate) seed: Option<u64>,
    pub(crate) svg: Option<PathBuf>,
    pub(crate) json: Option<PathBuf>,
    pub(crate) chrome: Option<PathBuf>,
    /// The value of each knob, in the order of the story's own list.
    pub(crate) knobs: Vec<u64>,
}

impl Flags {
    /// Reads the words after the program's name; an error is one sentence that says what to type instead.
    pub(crate) fn read(story: &Story, words: impl IntoIterator<Item = OsString>) -> Result<Self, String> {
        let mut flags = Self { knobs: story.knobs.iter().map(|knob| knob.default).collect(), ..Self::default() };
        let mut parser = lexopt::Parser::from_args(words);
        while let Some(word) = parser.next().map_err(|error| error.to_string())? {
            match word {
                Short('h') | Long("help") => flags.help = true,
                Long("fast") => flags.fast = true,
                Long("naive") => flags.naive = true,
                Long("asyncio") => flags.players = Players::Asyncio,
                Long("both") => flags.players = Players::Both,
                Long("seed") => flags.seed = Some(number(&mut parser, "seed", &(0..=u64::MAX))?),
                Long("svg") => flags.svg = Some(file(&mut parser, "svg")?),
                Long("json") => flags.json = Some(file(&mut parser, "json")?),
                Long("chrome") => flags.chrome = Some(file(&mut parser, "chrome")?),
                Long(name) => {
                    let Some(index) = story.knobs.iter().position(|knob| knob.name == name) else {
                        let knobs: Vec<_> = story.knobs.iter().map(|knob| format!("--{}", knob.name)).collect();
                        let own = if knobs.is_empty() { "" } else { "; this topic's own are " };
                        return Err(format!("there is no flag --{name}{own}{}.", knobs.join(", ")));
                    };
                    let knob = &story.knobs[index];
                    flags.knobs[index] = if knob.is_switch { 1 } else { number(&mut parser, knob.name, &knob.range)? };
                }
                Short(letter) => return Err(format!("there is no flag -{letter}.")),
                Value(word) => return Err(format!("{} is no flag.", word.display())),
            }
        }
        flags.agree(story)?;
        Ok(flags)
    }

    /// Refuses what this story cannot do.
    fn agree(&self, story: &Story) -> Result<(), String> {
        match story.real_clock {
            Some(why) if self.fast => return Err(format!("--fast is not possible here: {why}.")),
            _ => {}
        }
        if self.naive && !story.has_naive() {
            return Err("this topic has no version that goes wrong.".to_owned());
        }
        if self.players != Players::Tokio && self.naive && !story.has_naive_twin() {
            return Err("the asyncio twin of this topic has no version that goes wrong.".to_owned());
        }
        if self.players != Players::Tokio && !story.twin().exists() {
            return Err(format!("this topic has no asyncio twin: {} is not there.", story.twin().display()));
        }
        Ok(())
    }
}

fn number(parser: &mut lexopt::Parser, name: &str, range: &RangeInclusive<u64>) -> Result<u64, String> {
    let wanted = match (*range.start(), *range.end()) {
        (low, u64::MAX) => format!("--{name} takes a whole number from {low} up"),
        (low, high) => format!("--{name} takes a whole number from {low} to {high}"),
    };
    let word = parser.value().map_err(|_| format!("{wanted}; none was given."))?;
    let value: Option<u64> = word.parse().ok();
    value.filter(|value| range.contains(value)).ok_or_else(|| format!("{wanted}, not {}.", word.display()))
}

fn file(parser: &mut lexopt::Parser, name: &str) -> Result<PathBuf, String> {
    parser
        .value()
        .map(PathBuf::from)
        .map_err(|_| format!("--{name} takes the name of the file to write; none was given."))
}

/// The answer to `--help`, in lines of at most `width` columns where words allow it.
pub(crate) fn help(story: &Story, width: usize) -> String {
    let mut rows: Vec<(String, String)> = Vec::new();
    for knob in &story.knobs {
        rows.push(if knob.is_switch {
            (format!("--{}", knob.name), knob.help.to_owned())
        } else {
            let Knob { name, default, range, help, .. } = knob;
            (format!("--{name} N"), format!("{help} ({} to {}; {default})", range.start(), range.end()))
        });
    }
    let mut shared = |flag: &str, help: &str| rows.push((flag.to_owned(), help.to_owned()));
    if story.real_clock.is_none() {
        shared("--fast", "on the virtual clock, with seed 1 unless given: at once, the same bytes every time");
    }
    shared("--seed N", "the seed of all randomness");
    if story.has_naive() {
        shared("--naive", "the version that goes wrong");
    }
    if story.twin().exists() {
        shared("--asyncio", "the same story in Python's asyncio (needs python3 3.11 or newer)");
        shared("--both", "Tokio's timeline and asyncio's, one under the other");
    }
    shared("--svg FILE", "write the timeline as a picture");
    shared("--json FILE", "write the recording as data");
    shared("--chrome FILE", "write it as a trace that ui.perfetto.dev opens");
    shared("--help", "this text");

    let wide = rows.iter().map(|(flag, _)| flag.len()).max().unwrap_or(0);
    let mut text = format!("{}\n\nUsage: cargo run -p {} -- [FLAGS]\n\n", wrapped(story.about, width), story.name);
    for (flag, help) in rows {
        let help = wrapped(&help, width.saturating_sub(wide + 4)).replace('\n', &format!("\n{:1$}", "", wide + 4));
        // Writing to a String cannot fail.
        let _ = writeln!(text, "  {flag:wide$}  {help}");
    }
    text
}
