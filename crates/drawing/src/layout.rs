//! The part that all drawings share: which lanes they show, what the lanes did when, the time axis, and the words.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use std::iter::once;
use std::ops::Range;
use std::slice;

use recording::{Clock, HeldUp, Kind, LONG_POLL, Lane, Level, Micros, Outcome, Poll, Recording, Value};
use unicode_width::UnicodeWidthChar;

use crate::palette::{self, Hue};

/// By default, a drawing shows at most this many lanes.
pub(crate) const MOST_LANES: usize = 40;

/// What the times of the lanes mean, for a legend.
pub(crate) const TIMES: &str = "time: from first poll to end";

/// What a lane does at a moment. This is the order of the legend, and of painting: later states are painted on top, because they are known better.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum State {
    /// Its future exists, and nothing has polled it yet.
    NotStarted,
    /// Started, and not being polled.
    Waiting,
    /// A poll too short to be seen as a stretch.
    Polled,
    /// Being polled.
    Running,
    /// Polled so often, or busy for so much of a poll, that it ran part of the time. It is not known when exactly.
    PartlyRunning,
    /// Ready, and not polled: another lane's long poll keeps the thread, or nothing polls it.
    HeldUp,
}

impl State {
    pub(crate) const ALL: [Self; 6] =
        [Self::NotStarted, Self::Waiting, Self::Polled, Self::Running, Self::PartlyRunning, Self::HeldUp];

    /// The words for it in a legend.
    pub(crate) fn words(self) -> &'static str {
        match self {
            Self::NotStarted => "not started yet",
            Self::Waiting => "waiting",
            Self::Polled => "polled",
            Self::Running => "running",
            Self::PartlyRunning => "running at times",
            Self::HeldUp => "held up",
        }
    }
}

/// A state, from one moment to another.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Stretch {
    pub(crate) from: Micros,
    pub(crate) until: Micros,
    pub(crate) state: State,
}

impl Stretch {
    fn length(self) -> Micros {
        self.until.saturating_sub(self.from)
    }

    /// Whether it must be visible, however small the drawing is.
    pub(crate) fn matters(self) -> bool {
        self.state > State::Polled && self.length() > LONG_POLL
    }
}

/// What a row shows.
#[derive(Debug)]
pub(crate) struct Track {
    /// Later ones lie on top of earlier ones.
    pub(crate) stretches: Vec<Stretch>,
    /// The moments of polls that have no stretch.
    pub(crate) polls: Vec<Micros>,
    /// When and how a lane ended; a thread has no end.
    pub(crate) end: Option<(Micros, Option<Outcome>)>,
}

/// A number over time: each stretch of it, and how high it is.
#[derive(Debug)]
pub(crate) struct Steps {
    pub(crate) changes: Vec<Step>,
    /// The highest number.
    pub(crate) peak: u64,
    /// The highest limit, if there is one.
    pub(crate) most: Option<u64>,
    /// The limit at the end, if there is one.
    pub(crate) limit: Option<u64>,
}

impl Steps {
    /// Whether the number was ever above its limit.
    pub(crate) fn is_over(&self) -> bool {
        self.changes.iter().any(|step| step.is_over)
    }

    /// The height of a number in a row of this height. However far the peak is above the limit, the limit gets two thirds of the row.
    pub(crate) fn height(&self, value: u64, row: usize) -> usize {
        let most = self.most.unwrap_or(self.peak);
        let limit = scaled(most, self.peak.max(most), row).max(row * 2 / 3);
        if value <= most {
            scaled(value, most, limit)
        } else {
            limit + scaled(value - most, self.peak - most, row - limit)
        }
    }
}

/// A number, from one moment to another.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Step {
    pub(crate) from: Micros,
    pub(crate) until: Micros,
    pub(crate) value: u64,
    /// Whether it is above the limit of that time.
    pub(crate) is_over: bool,
}

/// One row of a panel: a lane, a worker thread, a level, or (without a track or steps) words.
#[derive(Debug)]
pub(crate) struct Row<'a> {
    pub(crate) lane: Option<&'a Lane>,
    pub(crate) name: String,
    pub(crate) depth: usize,
    pub(crate) hue: Hue,
    pub(crate) track: Option<Track>,
    pub(crate) steps: Option<Steps>,
    /// How the lane ended, and how long it lasted; or how many long polls the thread ran; or how high the level was.
    pub(crate) words: String,
    pub(crate) time: String,
}

/// One recording, ready to be drawn.
#[derive(Debug)]
pub(crate) struct Panel<'a> {
    pub(crate) recording: &'a Recording,
    pub(crate) title: &'a str,
    pub(crate) clock: &'static str,
    pub(crate) rows: Vec<Row<'a>>,
    pub(crate) summary: Vec<String>,
}

/// Several recordings on one time axis.
#[derive(Debug)]
pub(crate) struct Sheet<'a> {
    pub(crate) panels: Vec<Panel<'a>>,
    /// Where the axis ends.
    pub(crate) end: Micros,
}

impl<'a> Sheet<'a> {
    /// Of more lanes than `most`, the first and the last are shown.
    pub(crate) fn new(recordings: &[&'a Recording], most: usize) -> Self {
        let mut panels: Vec<_> = recordings.iter().map(|recording| Panel::new(recording, most)).collect();
        let mut names = BTreeMap::new();
        for row in panels.iter_mut().flat_map(|panel| &mut panel.rows).filter(|row| row.is_named()) {
            // Lanes and levels of one name have one hue, in all panels.
            let next = names.len();
            row.hue = palette::LANES[*names.entry(row.name.clone()).or_insert(next) % palette::LANES.len()];
        }
        let ends = recordings.iter().flat_map(|recording| recording.lanes.iter().filter_map(|lane| lane.closed));
        let end = ends.chain(recordings.iter().map(|recording| recording.ended)).max().unwrap_or(0);
        Self { panels, end }
    }

    /// The rows of all panels, apart from words.
    pub(crate) fn rows(&self) -> impl Iterator<Item = &Row<'a>> {
        self.panels.iter().flat_map(|panel| &panel.rows).filter(|row| row.track.is_some() || row.steps.is_some())
    }

    pub(crate) fn tracks(&self) -> impl Iterator<Item = &Track> {
        self.rows().filter_map(|row| row.track.as_ref())
    }

    /// Whether a lane has a time, which a legend explains.
    pub(crate) fn has_times(&self) -> bool {
        self.rows().any(|row| !row.time.is_empty())
    }

    /// The ends that a legend explains.
    pub(crate) fn ends(&self) -> impl Iterator<Item = Option<Outcome>> {
        Outcome::all_ends()
            .filter(|end| self.tracks().any(|track| track.end.is_some_and(|(_, outcome)| outcome == *end)))
    }
}

impl Row<'_> {
    /// Whether it is a lane or a level, whose names have colours.
    fn is_named(&self) -> bool {
        self.lane.is_some() || self.steps.is_some()
    }
}

impl<'a> Panel<'a> {
    pub(crate) fn new(recording: &'a Recording, most: usize) -> Self {
        let held = Held::new(recording);
        let mut order = in_tree_order(&recording.lanes);
        if order.len() > most {
            order = folded(recording, &order);
        }
        let mut rows = Vec::new();
        let mut next = 0;
        for part in parts_shown(recording, &order, most) {
            let between = &order[next..part.start];
            if !between.is_empty() {
                let ends = ends_in_words(&between.iter().flat_map(Shown::lanes).map(|lane| &recording.lanes[*lane]));
                let what = if between.iter().any(|shown| shown.lanes().len() > 1) { "row" } else { "lane" };
                rows.push(words_row(format!("… {} between: {ends}", plural(between.len(), what))));
            }
            next = part.end;
            rows.extend(order[part].iter().map(|shown| lane_row(recording, shown, &held)));
        }
        if recording.multi_thread {
            rows.push(words_row("on the worker threads:".to_owned()));
            rows.extend(worker_rows(recording));
        }
        rows.extend(recording.levels.iter().filter_map(|level| level_row(recording, level)));
        let title = if recording.title.is_empty() { "recording" } else { &recording.title };
        let clock = if recording.clock == Clock::Virtual { "virtual clock" } else { "real time" };
        Self { recording, title, clock, rows, summary: summary(recording, held) }
    }
}

/// Which lanes were held up, and by which lane.
#[derive(Default)]
struct Held {
    /// Of each lane, in order of the lanes.
    stretches: Vec<(usize, Stretch)>,
    /// For how long each lane held up each other one. `None` means no lane.
    times: BTreeMap<Option<usize>, BTreeMap<usize, Micros>>,
}

impl Held {
    fn new(recording: &Recording) -> Self {
        let mut new = Self::default();
        for HeldUp { lane, by, from, until } in recording.held_up() {
            *new.times.entry(by).or_default().entry(lane).or_default() += until.saturating_sub(from);
            match new.stretches.last_mut() {
                Some((last, stretch)) if (*last, stretch.until) == (lane, from) => stretch.until = until,
                _ => new.stretches.push((lane, Stretch { from, until, state: State::HeldUp })),
            }
        }
        new
    }
}

/// A lane that has a row.
#[derive(Clone)]
struct Shown {
    number: usize,
    depth: usize,
    /// The lanes that share the row, including this one. Empty if the row is for this lane only.
    alike: Vec<usize>,
}

impl Shown {
    /// The lanes that the row stands for.
    fn lanes(&self) -> &[usize] {
        if self.alike.is_empty() { slice::from_ref(&self.number) } else { &self.alike }
    }
}

/// Which parts of these rows are shown, at most `most` rows: the first and the last ones, and between them those that did not finish, or that contain others.
fn parts_shown(recording: &Recording, order: &[Shown], most: usize) -> Vec<Range<usize>> {
    if order.len() <= most {
        return once(0..order.len()).collect();
    }
    // Six tenths and three tenths, rounded.
    let (first, last) = ((most * 6 + 5) / 10, order.len() - (most * 3 + 5) / 10);
    let parents: BTreeSet<_> = recording.lanes.iter().filter_map(|lane| lane.parent).collect();
    let telling = |shown: &Shown| {
        recording.lanes[shown.number].outcome != Some(Outcome::Finished) || parents.contains(&shown.number)
    };
    let telling: Vec<_> = (first..last).filter(|at| telling(&order[*at])).take(first / 3).collect();
    // Each of them takes the place of one of the first rows, and so does each gap that it makes.
    let gaps = telling.windows(2).filter(|pair| pair[0] + 1 < pair[1]).count() + telling.len().min(1);
    let mut parts: Vec<_> = once(0..first.saturating_sub(telling.len() + gaps)).collect();
    for at in telling.into_iter().chain(last..order.len()) {
        match parts.last_mut() {
            Some(part) if part.end == at => part.end = at + 1,
            _ => parts.push(at..at + 1),
        }
    }
    parts
}

/// Gives many lanes one row if they have the same parent, name and kind of end, and no children. Its time is the time of the longest.
fn folded(recording: &Recording, order: &[Shown]) -> Vec<Shown> {
    const FEW: usize = 3;
    let parents: BTreeSet<_> = recording.lanes.iter().filter_map(|lane| lane.parent).collect();
    let key = |number: usize| {
        let lane = &recording.lanes[number];
        (!parents.contains(&number)).then_some((lane.parent, &lane.name, lane.outcome.map(Outcome::words)))
    };
    let mut alike = BTreeMap::<_, Vec<usize>>::new();
    for shown in order {
        if let Some(key) = key(shown.number) {
            alike.entry(key).or_default().push(shown.number);
        }
    }
    let life = |number: &usize| {
        let lane = &recording.lanes[*number];
        lane.closed.unwrap_or(recording.ended).saturating_sub(lane.opened)
    };
    let row = |shown: &Shown| match key(shown.number).and_then(|key| alike.get(&key)) {
        Some(group) if group.len() > FEW && group[0] == shown.number => {
            let longest = group.iter().rev().max_by_key(|number| life(number)).copied()?;
            Some(Shown { number: longest, alike: group.clone(), depth: shown.depth })
        }
        Some(group) if group.len() > FEW => None,
        _ => Some(shown.clone()),
    };
    order.iter().filter_map(row).collect()
}

/// The lanes, each parent followed by its children.
fn in_tree_order(lanes: &[Lane]) -> Vec<Shown> {
    let mut children = BTreeMap::<Option<usize>, Vec<usize>>::new();
    for (number, lane) in lanes.iter().enumerate().rev() {
        children.entry(lane.parent.filter(|parent| *parent < number)).or_default().push(number);
    }
    let mut order = Vec::with_capacity(lanes.len());
    let mut next: Vec<_> = children.remove(&None).into_iter().flatten().map(|number| (number, 0)).collect();
    while let Some((number, depth)) = next.pop() {
        order.push(Shown { number, depth, alike: Vec::new() });
        next.extend(children.remove(&Some(number)).into_iter().flatten().map(|child| (child, depth + 1)));
    }
    order
}

fn words_row<'a>(name: String) -> Row<'a> {
    let (words, time) = (String::new(), String::new());
    Row { lane: None, name, depth: 0, hue: palette::QUIET, track: None, steps: None, words, time }
}

/// The row of a level; `None` if the level has no number.
fn level_row<'a>(recording: &Recording, level: &Level) -> Option<Row<'a>> {
    let ends = level.values.iter().skip(1).map(|value| value.at).chain([recording.ended]);
    let changes = level.values.iter().zip(ends.clone()).map(|(&Value { at, value, limit, .. }, until)| {
        let is_over = limit.is_some_and(|limit| value > limit);
        // In an edited file, time may go backwards.
        Step { from: at, until: until.max(at), value, is_over }
    });
    let peak = level.values.iter().map(|value| value.value).max()?;
    let limit = level.values.last()?.limit;
    let most = level.values.iter().filter_map(|value| value.limit).max();
    let words = match limit {
        None => format!("peak {peak}"),
        // A level that is only on or off has no peak.
        Some(1) if peak <= 1 => {
            let on = level.values.iter().zip(ends.clone()).filter(|(value, _)| value.value > 0);
            format!("for {}", duration(on.map(|(value, until)| until.saturating_sub(value.at)).sum()))
        }
        Some(limit) => format!("peak {peak} of {limit}"),
    };
    let steps = Some(Steps { changes: changes.collect(), peak, most, limit });
    Some(Row { steps, words, ..words_row(level.name.clone()) })
}

/// The most lanes of a shared row whose lives are drawn.
const MOST_ALIKE: usize = 500;

fn lane_row<'a>(recording: &'a Recording, shown: &Shown, held: &Held) -> Row<'a> {
    let (lane, alike) = (&recording.lanes[shown.number], shown.lanes().len());
    let (mut stretches, mut polls, mut last) = (Vec::new(), Vec::new(), 0);
    // A shared row shows the lives of all its lanes, or of an even choice if there are very many.
    for &number in shown.lanes().iter().step_by(alike.div_ceil(MOST_ALIKE)) {
        let lane = &recording.lanes[number];
        let end = lane.closed.unwrap_or(recording.ended);
        let started = lane.started().unwrap_or(end);
        let first = held.stretches.partition_point(|(held, _)| *held < number);
        let held = held.stretches[first..].iter().take_while(|(held, _)| *held == number).map(|(_, stretch)| *stretch);
        let ready = held.clone().next().map_or(started, |held| held.from.min(started));
        stretches.push(Stretch { from: lane.opened, until: ready, state: State::NotStarted });
        stretches.push(Stretch { from: started, until: end, state: State::Waiting });
        stretches.extend(held);
        polls.extend(&lane.polls);
        last = last.max(end);
    }
    polls.sort_by_key(|poll| poll.at);
    let track = track(stretches, &polls, Some((last, lane.outcome)));
    let (words, time) = (Outcome::end_words(lane.outcome).to_owned(), lasted(recording, lane));
    let name = if alike > 1 { format!("{} ×{}", lane.name, grouped(alike)) } else { lane.name.clone() };
    Row { lane: Some(lane), depth: shown.depth, track: Some(track), words, time, ..words_row(name) }
}

fn worker_rows(recording: &Recording) -> impl Iterator<Item = Row<'_>> {
    let mut threads = BTreeMap::<usize, Vec<&Poll>>::new();
    for poll in recording.lanes.iter().filter(|lane| lane.kind == Kind::Future).flat_map(|lane| &lane.polls) {
        if let Some(thread) = poll.thread {
            threads.entry(usize::from(thread)).or_default().push(poll);
        }
    }
    threads.into_iter().map(|(thread, mut polls)| {
        polls.sort_by_key(|poll| poll.at);
        let name = recording.threads.get(thread).map_or("worker", String::as_str);
        // Tokio gives all its workers the same name.
        let alike = recording.threads.iter().filter(|other| *other == name).count();
        let name = if alike == 1 { name.to_owned() } else { format!("worker {thread}") };
        let long = polls.iter().filter(|poll| poll.count == 1 && poll.longest > LONG_POLL).count();
        let words = if long > 0 { plural(long, "long poll") } else { String::new() };
        Row { track: Some(track(Vec::new(), &polls, None)), words, ..words_row(name) }
    })
}

fn track(mut stretches: Vec<Stretch>, polls: &[&Poll], end: Option<(Micros, Option<Outcome>)>) -> Track {
    stretches.extend(polls.iter().filter_map(|poll| running(poll)));
    stretches.sort_by_key(|stretch| stretch.state);
    let runs = |stretch: &&Stretch| stretch.matters() && stretch.state != State::HeldUp;
    let runs: Vec<_> = stretches.iter().filter(runs).map(|stretch| stretch.from..stretch.until).collect();
    let mut polls: Vec<_> = polls.iter().map(|poll| poll.at).collect();
    polls.retain(|at| end.is_none_or(|(end, _)| *at < end) && !runs.iter().any(|run| run.contains(at)));
    Track { stretches, polls, end }
}

/// The stretch in which this poll ran its own lane, and not only the lanes nested in it.
fn running(poll: &Poll) -> Option<Stretch> {
    let length = poll.until.saturating_sub(poll.at);
    let state = match poll.count {
        _ if length == 0 => return None,
        1 if poll.longest >= length.div_ceil(2) => State::Running,
        2.. if poll.busy >= length / 4 => State::PartlyRunning,
        _ if poll.longest > LONG_POLL => State::PartlyRunning,
        _ => return None,
    };
    Some(Stretch { from: poll.at, until: poll.until, state })
}

/// The time in such a sentence is the time of the lane that was held up longest.
///
/// How long is told of the lane that was held up longest.
fn summary(recording: &Recording, mut held: Held) -> Vec<String> {
    if recording.lanes.is_empty() {
        return vec!["No lanes were recorded.".to_owned()];
    }
    let last = recording.last_end();
    let told = recording.notes.iter().map(|note| note.at);
    let counted = recording.levels.iter().flat_map(|level| &level.values).map(|value| value.at);
    // Notes and levels after the last lane's end are part of the picture.
    let total = if told.chain(counted).any(|at| at > last) { recording.ended } else { recording.total() };
    let (total, peak) = (duration(total), grouped(recording.peak_where(|_| true)));
    let (lanes, ends) = (plural(recording.lanes.len(), "lane"), ends_in_words(&recording.lanes.iter()));
    let mut sentences = vec![format!("{total} in total; {lanes}, at most {peak} at once; {ends}.")];
    // Nothing polled them.
    let ready = held.times.remove(&None);
    let mut worst: Vec<_> = held.times.iter().filter_map(|(by, times)| Some((longest(times), (*by)?, times))).collect();
    worst.sort_by_key(|(longest, ..)| Reverse(*longest));
    worst.truncate(3);
    worst.sort_by_key(|(_, by, _)| *by);
    sentences.extend(worst.into_iter().map(|(_, by, times)| {
        let name = cut(&recording.lanes[by].name, 24);
        format!("{name} held up {} {}.", plural(times.len(), "lane"), for_so_long(times))
    }));
    let more = held.times.len().saturating_sub(3);
    sentences.extend((more > 0).then(|| format!("So did {} more.", grouped(more))));
    sentences.extend(ready.map(|times| {
        let (lanes, were) = (plural(times.len(), "lane"), if times.len() == 1 { "was" } else { "were" });
        format!("{lanes} {were} ready and not polled, {}.", for_so_long(&times))
    }));
    sentences
}

fn longest(times: &BTreeMap<usize, Micros>) -> Micros {
    times.values().copied().max().unwrap_or(0)
}

/// `for 80 ms` of one lane, `for up to 80 ms` of several.
fn for_so_long(times: &BTreeMap<usize, Micros>) -> String {
    format!("for {}{}", if times.len() == 1 { "" } else { "up to " }, duration(longest(times)))
}

/// `5 finished, 1 failed`, leaving out what did not occur.
fn ends_in_words<'a>(lanes: &(impl Iterator<Item = &'a Lane> + Clone)) -> String {
    let count = |end| (lanes.clone().filter(|lane| lane.outcome == end).count(), Outcome::end_words(end));
    let counts = Outcome::all_ends().map(count).filter(|(count, _)| *count > 0);
    counts.map(|(count, words)| format!("{} {words}", grouped(count))).collect::<Vec<_>>().join(", ")
}

/// How long a lane took from its first poll, in words. Empty if it never started.
fn lasted(recording: &Recording, lane: &Lane) -> String {
    let until = lane.closed.unwrap_or(recording.ended);
    lane.started().map_or_else(String::new, |started| duration(until.saturating_sub(started)))
}

/// `1 lane`, `1,000 lanes`.
pub(crate) fn plural(count: usize, noun: &str) -> String {
    format!("{} {noun}{}", grouped(count), if count == 1 { "" } else { "s" })
}

/// A number with its thousands set apart.
pub(crate) fn grouped(number: usize) -> String {
    match number {
        0..1_000 => number.to_string(),
        _ => format!("{},{:03}", grouped(number / 1_000), number % 1_000),
    }
}

/// A duration to three digits: `85 µs`, `2.5 ms`, `250 ms`, `1.20 s`, `3600 s`.
pub(crate) fn duration(micros: Micros) -> String {
    match micros {
        0 => "0 s".to_owned(),
        1..1_000 => format!("{micros} µs"),
        1_000..9_950 => format!("{:.1} ms", in_units(micros, 1_000)),
        9_950..999_500 => format!("{:.0} ms", in_units(micros, 1_000)),
        999_500..99_995_000 => format!("{:.2} s", in_units(micros, 1_000_000)),
        _ => format!("{:.0} s", in_units(micros, 1_000_000)),
    }
}

#[expect(clippy::cast_precision_loss, reason = "for display, and exact for the next 285 years")]
fn in_units(micros: Micros, unit: Micros) -> f64 {
    micros as f64 / unit as f64
}

/// Round moments along an axis that ends at `end`, at most about `most` of them, with their labels.
pub(crate) fn ticks(end: Micros, most: u64) -> impl Iterator<Item = (Micros, String)> {
    let mut steps = (0..19).flat_map(|power| [1, 2, 5].map(|digit| digit * 10_u64.pow(power)));
    let step = steps.find(|step| *step >= end / most.max(1)).unwrap_or(Micros::MAX);
    let (unit, name) = match end {
        1_000_000.. => (1_000_000, "s"),
        1_000..1_000_000 => (1_000, "ms"),
        _ => (1, "µs"),
    };
    (0..=end / step).map(move |index| (index * step, format!("{} {name}", in_units(index * step, unit))))
}

/// Moves `value` from a scale that ends at `from` to one that ends at `to`. Rounded, and never beyond the end.
pub(crate) fn scaled(value: Micros, from: Micros, to: usize) -> usize {
    let (from, to) = (u128::from(from.max(1)), to as u128);
    usize::try_from((u128::from(value).min(from) * to + from / 2) / from).unwrap_or(usize::MAX)
}

/// A name in `most` columns. If it is longer, `…` replaces its middle, because the names of many lanes differ at their ends.
pub(crate) fn cut_name(name: &str, most: usize) -> String {
    const END: usize = 6;
    if length(name) <= most || most < 3 * END {
        return cut(name, most);
    }
    let mut end: Vec<char> = Vec::new();
    let mut used = 0;
    for c in name.chars().rev().map(seen) {
        used += columns(c);
        if used > END {
            break;
        }
        end.push(c);
    }
    let end: String = end.into_iter().rev().collect();
    cut(name, most - length(&end)) + &end
}

/// The text in `most` columns, cut with `…` if it is longer. Letters that cannot be shown are replaced: see [`seen`].
pub(crate) fn cut(text: &str, most: usize) -> String {
    let clean = text.chars().map(seen);
    if length(text) <= most {
        return clean.collect();
    }
    let mut used = 1;
    let fits = |c: &char| {
        used += columns(*c);
        used <= most
    };
    clean.take_while(fits).chain(['…']).collect()
}

/// The letter, or `�` if it controls a terminal, turns the text around, is invisible, or is not allowed in XML.
pub(crate) fn seen(c: char) -> char {
    let invisible =
        ['\u{200b}'..='\u{200f}', '\u{2028}'..='\u{202e}', '\u{2060}'..='\u{206f}', '\u{fffe}'..='\u{ffff}'];
    let hides =
        c.is_control() || matches!(c, '\u{61c}' | '\u{feff}') || invisible.iter().any(|range| range.contains(&c));
    if hides { '\u{fffd}' } else { c }
}

/// How many columns of a terminal the text takes when it is [`seen`].
pub(crate) fn length(text: &str) -> usize {
    text.chars().map(seen).map(columns).sum()
}

fn columns(c: char) -> usize {
    // This selector turns the letter before it into an emoji, which is one column wider.
    if c == '\u{fe0f}' { 1 } else { c.width().unwrap_or(0) }
}

/// Pieces of text, each with its length on the screen, joined into lines of at most `width` columns.
pub(crate) fn in_lines(pieces: impl Iterator<Item = (String, usize)>, between: &str, width: usize) -> Vec<String> {
    let mut lines = Vec::<(String, usize)>::new();
    for (text, length) in pieces {
        match lines.last_mut() {
            Some((line, used)) if *used + between.len() + length <= width => {
                *line += between;
                *line += &text;
                *used += between.len() + length;
            }
            _ => lines.push((text, length)),
        }
    }
    lines.into_iter().map(|(line, _)| line).collect()
}

/// The words of a sentence, for [`in_lines`]; a number stays with what it counts: `1 still open`.
pub(crate) fn words_of(sentence: &str) -> impl Iterator<Item = (String, usize)> {
    let goes_on = |last: &str| {
        last.ends_with(|c: char| c.is_ascii_digit()) || last.ends_with(" still") || last.ends_with(" never")
    };
    let mut words = Vec::<String>::new();
    for word in sentence.split(' ') {
        match words.last_mut() {
            Some(last) if goes_on(last) => *last = format!("{last} {word}"),
            _ => words.push(word.to_owned()),
        }
    }
    words.into_iter().map(|word| (length(&word), word)).map(|(length, word)| (word, length))
}

/// Wraps a text to lines of at most `width` columns, between words. A number stays with what it counts, and line breaks stay.
///
/// ```
/// assert_eq!(drawing::wrapped("It took 1 s in all.\nAnd then?", 10), "It took\n1 s in\nall.\nAnd then?");
/// ```
#[must_use]
pub fn wrapped(text: &str, width: usize) -> String {
    let lines = text.lines().flat_map(|line| in_lines(words_of(line), " ", width));
    lines.collect::<Vec<_>>().join("\n")
}
