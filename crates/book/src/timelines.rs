//! What a topic's players show: its recordings, for each value of its knobs, and the source that they point into.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use drawing::palette::{self, Hue};
use recording::{By, Outcome, Recording};
use tinyjson::JsonValue;

use crate::pattern::patterns;
use crate::source::{Workspace, language, read};
use crate::{Anything, files_below};

/// A script that gives the recordings of a topic to its players. It is not data, because a page opened from a disk may not read files.
pub(crate) fn script(workspace: &Workspace, topic: &str) -> Anything<String> {
    let folder = workspace.root.join("crates").join(topic).join("recorded");
    let mut sources = BTreeSet::new();
    let recordings = recordings(&folder, &mut sources)?;
    let knobs = fs::read_dir(folder.join("knobs")).into_iter().flatten().flatten();
    let mut knobs: Vec<_> = knobs.map(|knob| knob.path()).filter(|path| path.is_dir()).collect();
    knobs.sort();
    let knobs = knobs.iter().map(|knob| self::knob(knob, &mut sources)).collect::<Anything<Vec<_>>>()?.join(",");
    let mut texts = BTreeMap::new();
    // A recording may name any file. Only a file of the workspace, by its own name, goes into the book.
    let here = |name: &&String| workspace.name_of(&workspace.root.join(name)).as_ref() == Some(*name);
    for name in sources.iter().filter(here).filter(|name| workspace.root.join(name).is_file()) {
        let (text, page) = (quoted(&read(&workspace.root.join(name))?)?, quoted(&workspace.page(name)?)?);
        texts.insert(name, format!(r#"{{"language":"{}","page":{page},"text":{text}}}"#, language(name)));
    }
    let sources = object(texts.iter().map(|(name, text)| (name.as_str(), text.as_str())));
    let marks = Outcome::all_ends().map(|end| Ok((Outcome::end_words(end), quoted(drawing::mark(end))?)));
    let marks = marks.collect::<Anything<Vec<_>>>()?;
    let marks = object(marks.iter().map(|(words, mark)| (*words, mark.as_str())));
    let patterns = patterns(workspace, topic)?;
    Ok(format!(
        "(window.timelines ??= {{}})[{}] = {{\"recordings\":{recordings},\"knobs\":[{knobs}],\"sources\":{sources},\"patterns\":{patterns},\"marks\":{marks}}};\n",
        quoted(topic)?
    ))
}

/// The recordings in a folder, by their names: `story`, `naive`, `twin`.
fn recordings(folder: &Path, sources: &mut BTreeSet<String>) -> Anything<String> {
    let mut found = Vec::new();
    for (file, path) in files_below(folder) {
        let Some(name) = file.strip_suffix(".json").filter(|name| !name.contains('/')) else { continue };
        let mut recording =
            Recording::from_json(&read(&path)?).map_err(|error| format!("{}: {error}", path.display()))?;
        let places =
            recording.lanes.iter().flat_map(|lane| lane.notes.iter().map(|note| &note.place).chain([&lane.place]));
        let places = places.chain(recording.notes.iter().map(|note| &note.place)).flatten();
        sources.extend(places.map(|place| place.file.clone().into_owned()));
        let held = recording.held_up();
        let held = held.map(|held| {
            let by = held.by.map_or_else(|| "null".to_owned(), |by| by.to_string());
            format!("[{},{by},{},{}]", held.lane, held.from, held.until)
        });
        let (held, words) = (held.collect::<Vec<_>>().join(","), quoted(&drawing::words(&recording))?);
        // The player draws only the wakes that come from a lane.
        for lane in &mut recording.lanes {
            lane.wakes.retain(|wake| matches!(wake.by, By::Lane(_)));
        }
        let mut json: JsonValue = recording.to_json().parse()?;
        slim(&mut json, &turns(&recording));
        let json = json.stringify()?;
        found.push((name.to_owned(), format!(r#"{{"held":[{held}],"words":{words},"recording":{json}}}"#)));
    }
    Ok(object(found.iter().map(|(name, json)| (name.as_str(), json.as_str()))))
}

/// For each poll, by its instant and its sequence number: how many polls that began at the same instant began before it.
fn turns(recording: &Recording) -> BTreeMap<(u64, u64), usize> {
    let begun: BTreeSet<_> =
        recording.lanes.iter().flat_map(|lane| &lane.polls).map(|poll| (poll.at, poll.seq)).collect();
    begun.iter().map(|&(at, seq)| ((at, seq), begun.range((at, 0)..(at, seq)).count())).collect()
}

/// Leaves out what the player does not read, and the values that it assumes: null, false, an empty list. This makes pages load faster.
fn slim(json: &mut JsonValue, turns: &BTreeMap<(u64, u64), usize>) {
    match json {
        JsonValue::Object(fields) => {
            let unread = ["polling", "opened_seq", "threads", "multi_thread", "missing"];
            let given = |key: &str, value: &JsonValue| match value {
                JsonValue::Null | JsonValue::Boolean(false) => true,
                JsonValue::Array(items) => items.is_empty(),
                JsonValue::String(text) => key == "kind" && text == "future",
                _ => false,
            };
            fields.retain(|key, value| !unread.contains(&key.as_str()) && !given(key, value));
            for (key, value) in fields {
                match (key.as_str(), value) {
                    ("polls", JsonValue::Array(polls)) => {
                        for poll in polls {
                            slim_poll(poll, turns);
                        }
                    }
                    ("wakes", JsonValue::Array(wakes)) => {
                        for wake in wakes {
                            slim_wake(wake);
                        }
                    }
                    (_, value) => slim(value, turns),
                }
            }
        }
        JsonValue::Array(items) => items.iter_mut().for_each(|item| slim(item, turns)),
        _ => {}
    }
}

/// Keeps of a poll its beginning, its end, the number of polls, the longest of them, and its turn among the polls of its instant.
/// A single poll that took no time, as on the virtual clock, keeps only its beginning and its turn. A turn of 0 is left out.
fn slim_poll(poll: &mut JsonValue, turns: &BTreeMap<(u64, u64), usize>) {
    let JsonValue::Array(numbers) = poll else { return };
    let number = |index: usize| numbers.get(index).and_then(JsonValue::get::<f64>).copied().unwrap_or_default();
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "they were integers in the recording")]
    let turn = turns.get(&(number(0) as u64, number(6) as u64)).copied().unwrap_or_default();
    #[expect(clippy::float_cmp, reason = "they were integers in the recording")]
    let at_once = number(0) == number(1) && number(2) == 1.0;
    numbers.truncate(if at_once { 1 } else { 4 });
    if let Ok(turn @ 1..) = u32::try_from(turn) {
        numbers.push(JsonValue::from(f64::from(turn)));
    }
}

/// Keeps of a wake only its time and the lane that woke.
fn slim_wake(wake: &mut JsonValue) {
    if let JsonValue::Array(parts) = wake {
        parts.truncate(3);
        if parts.len() == 3 {
            parts.remove(1);
        }
    }
}

/// A knob: its name, its `--help` text, and the recordings for each value except its default.
fn knob(folder: &Path, sources: &mut BTreeSet<String>) -> Anything<String> {
    let name = folder.file_name().unwrap_or_default().to_string_lossy();
    let help = read(&folder.join("help.txt"))?;
    // `how many services are asked (2 to 100; default 4)`
    let wrong = || format!("{}/help.txt is out of date. Run: just record", folder.display());
    let (help, range) = help.trim().rsplit_once(" (").ok_or_else(wrong)?;
    let default: u64 =
        range.rsplit("; default ").next().unwrap_or_default().trim_end_matches(')').parse().map_err(|_| wrong())?;
    let mut values = BTreeMap::new();
    for entry in fs::read_dir(folder)?.flatten().filter(|entry| entry.path().is_dir()) {
        values.insert(entry.file_name().to_string_lossy().into_owned(), recordings(&entry.path(), sources)?);
    }
    let values = object(values.iter().map(|(value, json)| (value.as_str(), json.as_str())));
    let (name, help) = (quoted(&name)?, quoted(help)?);
    Ok(format!(r#"{{"name":{name},"help":{help},"default":{default},"values":{values}}}"#))
}

/// The palette as a style sheet, for mdBook's light themes and its dark ones.
pub(crate) fn palette_css() -> String {
    let lanes = palette::LANES.iter().enumerate().map(|(number, hue)| (format!("lane-{number}"), *hue));
    let ends = Outcome::ALL.map(|end| (end.words().replace(' ', "-"), palette::outcome(Some(end))));
    let rest = [("still-open", palette::outcome(None)), ("trouble", palette::TROUBLE), ("quiet", palette::QUIET)];
    let rest = rest.into_iter().chain([("ground", palette::GROUND), ("ink", palette::INK)]);
    let hues: Vec<_> = lanes.chain(ends).chain(rest.map(|(name, hue)| (name.to_owned(), hue))).collect();
    let rules = |color: fn(&Hue) -> &'static str| {
        hues.iter().map(|(name, hue)| format!("--tl-{name}:{};", color(hue))).collect::<Vec<_>>().concat()
    };
    let (light, dark) = (rules(|hue| hue.light), rules(|hue| hue.dark));
    // Without JavaScript mdBook has no themes. Then the colours follow the reader's preference.
    let unthemed = format!("@media screen and (prefers-color-scheme:dark){{html:not(.js){{{dark}}}}}");
    format!(":root{{{light}}}\n.coal,.navy,.ayu{{{dark}}}\n{unthemed}\n@media print{{:root{{{light}}}}}\n")
}

pub(crate) fn quoted(text: &str) -> Anything<String> {
    Ok(JsonValue::from(text.to_owned()).stringify()?)
}

/// A JSON object. The keys need no escapes, and the values are JSON.
fn object<'a>(fields: impl Iterator<Item = (&'a str, &'a str)>) -> String {
    let fields: Vec<_> = fields.map(|(key, value)| format!(r#""{key}":{value}"#)).collect();
    format!("{{{}}}", fields.join(","))
}
