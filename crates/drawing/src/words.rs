//! A recording in words: for a screen reader, and for readers who prefer text to a picture.

use recording::{Lane, Outcome, Recording};

use crate::layout::{MOST_LANES, Panel, duration, grouped};

/// How many lanes of one outcome are named.
const MOST_NAMES: usize = 8;

/// The story of a recording in short sentences: how long it took, how and when each lane ended, and which lane held up which.
///
/// It names at most eight lanes of each outcome, so that it stays short for every recording.
#[must_use]
pub fn words(recording: &Recording) -> String {
    panel_in_words(&Panel::new(recording, MOST_LANES))
}

/// The story of a recording that is already laid out.
pub(crate) fn panel_in_words(panel: &Panel<'_>) -> String {
    let mut sentences = vec![format!("{} ({}).", panel.title, panel.clock)];
    let (total, held_up) = panel.summary.split_at(1);
    sentences.extend_from_slice(total);
    sentences.extend(Outcome::all_ends().filter_map(|end| ended(panel.recording, end)));
    sentences.extend_from_slice(held_up);
    let others = panel.rows.iter().filter(|row| row.lane.is_none() && !row.words.is_empty());
    // Threads with long polls, and levels.
    sentences.extend(others.map(|other| format!("{}: {}.", other.name, other.words)));
    sentences.join(" ")
}

/// `Finished: users at 1.20 s, orders at 1.50 s and 3 more.`
fn ended(recording: &Recording, end: Option<Outcome>) -> Option<String> {
    let mut lanes: Vec<&Lane> = recording.lanes.iter().filter(|lane| lane.outcome == end).collect();
    lanes.sort_by_key(|lane| lane.closed);
    let more = lanes.len().saturating_sub(MOST_NAMES);
    let names = lanes.iter().take(MOST_NAMES).map(|lane| {
        let at = lane.started().and(lane.closed).map_or_else(String::new, |at| format!(" at {}", duration(at)));
        format!("{}{at}", lane.name)
    });
    let names = names.collect::<Vec<_>>().join(", ");
    let more = if more > 0 { format!(" and {} more", grouped(more)) } else { String::new() };
    (!lanes.is_empty()).then(|| format!("{}: {names}{more}.", capitalized(Outcome::end_words(end))))
}

fn capitalized(words: &str) -> String {
    let (first, rest) = words.split_at(1);
    first.to_uppercase() + rest
}
