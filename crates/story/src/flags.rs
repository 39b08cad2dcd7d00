//! What a reader may type after `--`.

use std::ffi::OsString;
use std::fmt::Write as _;
use std::ops::RangeInclusive;
use std::path::PathBuf;

use lexopt::Arg::{Long, Short, Value};
use lexopt::ValueExt;
use strsim::levenshtein;

use crate::lines::wrapped;
use crate::scene::Knob;
use crate::script::{Instead, Story};

/// Which versions of the story are told.
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
    /// What to do instead of telling the story.
    pub(crate) instead: Option<Instead>,
}

impl Flags {
    /// Reads the words after the program's name. An error is one sentence that says what to type instead.
    pub(crate) fn read(story: &Story, words: impl IntoIterator<Item = OsString>) -> Result<Self, String> {
        let mut flags = Self { knobs: story.knobs.iter().map(|knob| knob.default).collect(), ..Self::default() };
        let mut parser = lexopt::Parser::from_args(words);
        let (mut given, mut typed) = (Vec::new(), Vec::new());
        while let Some(word) = parser.next().map_err(unread)? {
            if let Long(name) = word {
                if typed.iter().any(|other| other == name) {
                    return Err(format!("--{name} is given twice."));
                }
                typed.push(name.to_owned());
            }
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
                        return Err(format!("there is no flag --{name}{}", instead_of(name, story)));
                    };
                    let knob = &story.knobs[index];
                    given.push(knob);
                    flags.knobs[index] = if knob.is_switch { 1 } else { number(&mut parser, knob.name, &knob.range)? };
                }
                Short(letter) => {
                    let more = parser.optional_value().unwrap_or_default();
                    let name = format!("{letter}{}", more.to_string_lossy());
                    return Err(format!("there is no flag -{name}{}", instead_of(&name, story)));
                }
                Value(word) => {
                    let word = word.to_string_lossy();
                    return Err(format!("{word} is not a flag{}", instead_of(&word, story)));
                }
            }
        }
        flags.instead =
            story.instead.filter(|(name, _)| given.iter().any(|knob| knob.name == *name)).map(|(_, act)| act);
        if let Some(knob) = given.iter().find(|_| flags.instead.is_some() && typed.len() > 1 && !flags.help) {
            return Err(format!("--{} tells no story, so leave the other flags out.", knob.name));
        }
        if let Some(knob) = given.iter().find(|knob| knob.naive_only && !flags.naive && !flags.help) {
            return Err(format!("--{} changes only the version that goes wrong: add --naive.", knob.name));
        }
        for (knob, value) in story.knobs.iter().zip(&flags.knobs) {
            let others = story.knobs.iter().zip(&flags.knobs).find(|(other, _)| knob.one_of == Some(other.name));
            if let Some((other, count)) =
                others.filter(|(_, count)| *count < value && typed.iter().any(|name| name == knob.name))
            {
                return Err(format!("--{} {value} has no effect: --{} is {count}.", knob.name, other.name));
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
            let flag = if self.players == Players::Both { "both" } else { "asyncio" };
            return Err(format!(
                "this topic's version that goes wrong is in Tokio only: leave out --{flag} or --naive."
            ));
        }
        if self.players != Players::Tokio && !story.twin().exists() {
            return Err(format!("this topic has no asyncio twin: {} is not there.", story.twin().display()));
        }
        Ok(())
    }
}

/// The flags that every story has, or refuses with a reason.
const SHARED: [&str; 9] = ["fast", "naive", "asyncio", "both", "seed", "svg", "json", "chrome", "help"];

/// Completes the message about an unknown flag: names the most similar flag, or else the topic's own flags.
fn instead_of(word: &str, story: &Story) -> String {
    let own = story.knobs.iter().map(|knob| knob.name);
    let all = own.clone().chain(SHARED).map(|name| (levenshtein(word, name), name));
    match all.filter(|(distance, _)| *distance <= 2 && 3 * distance <= word.len()).min() {
        Some((_, name)) => format!(": did you mean --{name}?"),
        None if story.knobs.is_empty() => ".".to_owned(),
        None => {
            format!("; this topic's own are {}.", own.map(|name| format!("--{name}")).collect::<Vec<_>>().join(", "))
        }
    }
}

/// What is wrong with a word that the parser cannot read, such as `--fast=1`.
fn unread(error: lexopt::Error) -> String {
    match error {
        lexopt::Error::UnexpectedValue { option, value } => {
            format!("{option} takes no value: leave out ={}.", value.to_string_lossy())
        }
        error => format!("{error}."),
    }
}

fn number(parser: &mut lexopt::Parser, name: &str, range: &RangeInclusive<u64>) -> Result<u64, String> {
    let wanted = match (*range.start(), *range.end()) {
        (low, u64::MAX) => format!("--{name} takes a whole number from {low} up"),
        (low, high) => format!("--{name} takes a whole number from {low} to {high}"),
    };
    let word = parser.value().map_err(|_| format!("{wanted}; none was given."))?;
    let value: Option<u64> = word.parse().ok();
    value.filter(|value| range.contains(value)).ok_or_else(|| {
        let typed = if word.is_empty() { "an empty word".into() } else { word.to_string_lossy() };
        format!("{wanted}, not {typed}.")
    })
}

fn file(parser: &mut lexopt::Parser, name: &str) -> Result<PathBuf, String> {
    let wanted = format!("--{name} takes the name of the file to write");
    let file = parser.value().map_err(|_| format!("{wanted}; none was given."))?;
    if file.to_string_lossy().starts_with('-') {
        return Err(format!("{wanted}; {0} looks like a flag (./{0} is a file).", file.display()));
    }
    Ok(file.into())
}

/// The answer to `--help`, in lines of at most `width` columns where the words allow it.
pub(crate) fn help(story: &Story, width: usize) -> String {
    let mut rows: Vec<(String, String)> = Vec::new();
    for knob in &story.knobs {
        rows.push(if knob.is_switch {
            (format!("--{}", knob.name), knob.help.to_owned())
        } else {
            let Knob { name, default, range, help, .. } = knob;
            (format!("--{name} N"), format!("{help} ({} to {}; default {default})", range.start(), range.end()))
        });
    }
    let mut shared = |flag: &str, help: &str| rows.push((flag.to_owned(), help.to_owned()));
    if story.real_clock.is_none() {
        shared("--fast", "run on the virtual clock, at once: the same output every time, with seed 1 unless given");
    }
    shared("--seed N", "set the seed of all randomness");
    if story.has_naive() {
        shared("--naive", "run the version that goes wrong");
    }
    if story.twin().exists() {
        let only = if story.has_naive() && !story.has_naive_twin() { "; not with --naive" } else { "" };
        shared("--asyncio", &format!("run the same story in Python's asyncio (needs python3 3.11 or newer{only})"));
        let only = if only.is_empty() { "" } else { " (not with --naive)" };
        shared("--both", &format!("draw Tokio's timeline, and asyncio's below it{only}"));
    }
    shared("--svg FILE", "write the timeline as a picture");
    shared("--json FILE", "write the recording as data");
    shared("--chrome FILE", "write the recording as a trace for ui.perfetto.dev");
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
