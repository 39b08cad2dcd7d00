//! The drawing for a page: one self-contained SVG, in light and dark, for wide and narrow screens and for screen readers.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::{self, Display, Formatter};

use recording::{Lane, Micros, Note, Outcome, Recording};

use crate::labels::{self, Label};
use crate::layout::{
    MOST_LANES, Panel, Row, Sheet, State, Steps, TIMES, Track, cut, cut_name, duration, in_lines, length, plural,
    scaled, seen, ticks, words_of,
};
use crate::palette::{self, CANCELLED, FINISHED, GROUND, Hue, INK, LANES, QUIET, TROUBLE};
use crate::words::panel_in_words;

/// The drawing's own units, which the viewer scales. Text sizes follow the real width through the media queries in `STYLE`.
const WIDTH: usize = 640;
const MARGIN: usize = 16;
const ROW: usize = 28;
/// The middle of a lane in its row. A note has room above it.
const MIDDLE: usize = 17;
/// How many letters of a name are shown, and how wide one is on a narrow screen.
const NAME: usize = 16;
const LETTER: usize = 11;
/// How wide a letter of a note is, in tenths.
const SMALL_LETTER: usize = 58;
/// Where the column with the lanes' ends begins.
const END: usize = WIDTH - 122;

const STYLE: &str = r#"text{font:12px system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif;fill:currentColor}
.title{font-size:16px;font-weight:600}
.note{font-size:10px}
@media (max-width:560px){text{font-size:18px}.title{font-size:21px}.note,.wide{display:none}}
@media (min-width:960px){text{font-size:11px}.title{font-size:14px}.note{font-size:9px}}
.line{fill:none;stroke:currentColor;stroke-width:2}
.dots{stroke-dasharray:1 5;stroke-linecap:round}
.grid{stroke:currentColor;opacity:.3}
.mark{fill:none;stroke:currentColor;stroke-width:2.5;stroke-linecap:round;stroke-linejoin:round}
.full{fill:currentColor}
.level{fill:currentColor;fill-opacity:.25;stroke:currentColor;stroke-width:1.5}
.limit{stroke-dasharray:3 3;opacity:.7}
"#;

/// Draws recordings as one self-contained SVG (no scripts, no fonts, no other files): one below the other, on one time axis and with one legend.
///
/// It fills the available width, follows the reader's light or dark mode, and gives the story in words
/// ([`words`](crate::words())) to a screen reader. Equal recordings give equal bytes.
/// Lanes that end further left were quicker. Lanes of one name have one colour.
#[must_use]
pub fn svg(recordings: &[&Recording]) -> String {
    Drawing::of(&Sheet::new(recordings, MOST_LANES))
}

/// Text for XML: escaped, and every letter [`seen`].
fn escaped(text: &str) -> String {
    let text = text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;");
    text.chars().map(seen).collect()
}

/// A place along the drawing, in tenths of a unit.
#[derive(Clone, Copy, PartialEq, PartialOrd)]
struct X(usize);

impl Display for X {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.0 / 10, self.0 % 10)
    }
}

struct Drawing<'a> {
    sheet: &'a Sheet<'a>,
    /// The beginning of its identifiers, so that one page can contain several drawings.
    id: String,
    /// Where the bars begin, and how wide they are.
    left: usize,
    bar: usize,
    /// How often each text is said.
    said: BTreeMap<&'a String, usize>,
    /// The states that can be seen.
    seen: BTreeSet<State>,
    /// How far down the drawing is finished.
    y: usize,
    body: String,
}

impl<'a> Drawing<'a> {
    fn of(sheet: &'a Sheet<'a>) -> String {
        let longest = sheet.rows().map(|row| length(&row.name) + 2 * row.depth).max().unwrap_or(0).clamp(4, NAME);
        let (left, titles) = (MARGIN + longest * LETTER + 12, sheet.panels.iter().map(|panel| panel.title));
        let titles = titles.collect::<Vec<_>>().join("; ");
        let id = titles.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).collect();
        let mut said = BTreeMap::new();
        for note in sheet.rows().filter_map(|row| row.lane).flat_map(|lane| &lane.notes) {
            *said.entry(&note.text).or_default() += 1;
        }
        let bar = END - MARGIN - left;
        let mut drawing = Self { sheet, id, left, bar, said, seen: BTreeSet::new(), y: 0, body: String::new() };
        sheet.panels.iter().for_each(|panel| drawing.panel(panel));
        drawing.legend();
        let story = sheet.panels.iter().map(panel_in_words).collect::<Vec<_>>().join(" ");
        drawing.page(&titles, &story)
    }

    fn page(&self, titles: &str, story: &str) -> String {
        let Self { id, body, y: height, .. } = self;
        let (titles, story, colors, hatch) = (escaped(titles), escaped(story), colors(), TROUBLE.name);
        format!(
            r#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" width="100%" role="img" aria-labelledby="{id}-title {id}-story">
<title id="{id}-title">Timeline: {titles}</title>
<desc id="{id}-story">{story}</desc>
<style>
{STYLE}{colors}</style>
<pattern id="{id}-held" class="{hatch}" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><path class="mark" d="M0 0V6"/></pattern>
<rect class="ground" width="{WIDTH}" height="{height}" rx="6"/>
{body}</svg>
"#
        )
    }

    fn put(&mut self, line: &str) {
        self.body.push_str(line);
        self.body.push('\n');
    }

    fn x(&self, at: Micros) -> X {
        X(self.left * 10 + scaled(at, self.sheet.end, self.bar * 10))
    }

    fn panel(&mut self, panel: &Panel<'_>) {
        self.y += 32;
        let (title, clock, y) = (cut(panel.title, 48), panel.clock, self.y);
        let (title, clock) = (escaped(&title), format!(r#"<tspan class="grey" font-weight="400">({clock})</tspan>"#));
        self.put(&format!(r#"<text x="{MARGIN}" y="{y}" class="title ink">{title} {clock}</text>"#));
        if !panel.rows.is_empty() {
            self.axis(panel.rows.len() * ROW);
        }
        for row in &panel.rows {
            self.row(row);
            self.y += ROW;
        }
        self.y += 4;
        for line in panel.summary.iter().flat_map(|sentence| in_lines(words_of(sentence), " ", 66)) {
            self.y += 20;
            self.put(&format!(r#"<text x="{MARGIN}" y="{}" class="ink">{}</text>"#, self.y, escaped(&line)));
        }
    }

    fn axis(&mut self, height: usize) {
        self.y += 34;
        let (top, label_y, hue) = (self.y, self.y - 6, QUIET.name);
        let labels: Vec<_> = ticks(self.sheet.end, self.bar as u64 / 72).collect();
        // The letters are larger on a narrow screen. If two labels would touch there, every other label is left out.
        let touch = matches!(&labels[..], [(_, first), (at, second), ..]
            if self.x(*at).0 < self.x(0).0 + (2 * length(first) + length(second)) * LETTER * 5 + 80);
        for (index, (at, label)) in labels.into_iter().enumerate() {
            let (x, anchor) = (self.x(at), if at == 0 { "start" } else { "middle" });
            let wide = if touch && index % 2 == 1 { " wide" } else { "" };
            self.put(&format!(
                r#"<path class="grid {hue}" d="M{x} {top}v{height}"/><text class="{hue}{wide}" x="{x}" y="{label_y}" text-anchor="{anchor}">{label}</text>"#
            ));
        }
    }

    fn row(&mut self, row: &Row<'_>) {
        let (hue, y, baseline) = (row.hue.name, self.y + MIDDLE, self.y + MIDDLE + 5);
        if row.track.is_none() && row.steps.is_none() {
            return self
                .put(&format!(r#"<text x="{MARGIN}" y="{baseline}" class="{hue}">{}</text>"#, escaped(&row.name)));
        }
        let indent = (2 * row.depth).min(NAME / 2);
        let (x, name, story) = (MARGIN + indent * LETTER, cut_name(&row.name, NAME - indent), story(row));
        let (name, story) = (escaped(&name), escaped(&story));
        self.put(&format!(r#"<g class="{hue}"><title>{story}</title><text x="{x}" y="{baseline}">{name}</text>"#));
        if let Some(track) = &row.track {
            self.track(track, y);
        }
        if let Some(steps) = &row.steps {
            self.steps(steps, y);
        }
        if let Some(lane) = row.lane {
            self.notes(lane);
        }
        self.put("</g>");
        let end = row.track.as_ref().and_then(|track| track.end);
        let quiet = if row.steps.is_some() { QUIET } else { TROUBLE };
        let hue = end.map_or(quiet, |(_, outcome)| palette::outcome(outcome)).name;
        let mark = end.map_or_else(String::new, |(at, outcome)| {
            format!(r#"<g transform="translate({} {y})">{}</g>"#, self.x(at), mark(outcome))
        });
        // A narrow screen has room for one column only, so the mark replaces the words.
        let (words, time, right) = (&row.words, &row.time, WIDTH - MARGIN);
        let wide = if row.lane.is_some() { "wide" } else { "" };
        self.put(&format!(
            r#"<g class="{hue}">{mark}<text x="{END}" y="{baseline}" class="{wide}">{words}</text><text x="{right}" y="{baseline}" text-anchor="end">{time}</text></g>"#
        ));
    }

    fn track(&mut self, track: &Track, y: usize) {
        for stretch in &track.stretches {
            let (from, until) = (self.x(stretch.from), self.x(stretch.until));
            let width = until.0.saturating_sub(from.0).max(if stretch.matters() { 20 } else { 0 });
            // For quiet states, a speck would only look like dirt.
            if width > 10 || stretch.state > State::Polled {
                self.seen.extend((width > 10).then_some(stretch.state));
                self.put(&self.shape(stretch.state, from, X(width), y));
            }
        }
        let mut polls: Vec<_> = track.polls.iter().map(|at| self.x(*at)).collect();
        polls.dedup();
        self.seen.extend(polls.first().map(|_| State::Polled));
        let path = polls.iter().fold(String::new(), |path, x| format!("{path}M{x} {}v8", y - 4));
        self.put(&format!(r#"<path class="line" d="{path}"/>"#));
    }

    /// A level as steps, filled below, under the line of its limit.
    fn steps(&mut self, steps: &Steps, y: usize) {
        // A row has room for this height, above the line of zero.
        let (height, zero) = (18, y + 8);
        let at_height = |value| zero - steps.height(value, height);
        let Some(first) = steps.changes.first() else { return };
        let start = format!("M{} {zero}", self.x(first.from));
        let path = steps
            .changes
            .iter()
            .fold(start, |path, step| format!("{path}V{}H{}", at_height(step.value), self.x(step.until)));
        self.put(&format!(r#"<path class="level" d="{path}V{zero}Z"/>"#));
        if let Some(limit) = steps.limit {
            let (x, until, y) = (self.x(0), self.x(self.sheet.end), at_height(limit));
            self.put(&format!(r#"<path class="grid limit" d="M{x} {y}H{until}"/>"#));
        }
    }

    fn shape(&self, state: State, x: X, width: X, y: usize) -> String {
        let (top, quiet, id) = (y - 7, QUIET.name, &self.id);
        match state {
            State::NotStarted => format!(r#"<path class="line dots {quiet}" d="M{x} {y}h{width}"/>"#),
            State::Waiting => format!(r#"<path class="line" d="M{x} {y}h{width}"/>"#),
            State::Polled => format!(r#"<path class="line" d="M{x} {y}h{width}m-10 -4v8"/>"#),
            State::Running => format!(r#"<rect class="full" x="{x}" y="{top}" width="{width}" height="14"/>"#),
            State::PartlyRunning => format!(r#"<rect class="full" x="{x}" y="{y}" width="{width}" height="7"/>"#),
            State::HeldUp => ["class=\"ground\"".to_owned(), format!("fill=\"url(#{id}-held)\"")]
                .map(|fill| format!(r#"<rect {fill} x="{x}" y="{top}" width="{width}" height="14"/>"#))
                .concat(),
        }
    }

    /// A dot for each note, and its text if that fits at the dot without covering another text.
    fn notes(&mut self, lane: &Lane) {
        let (dot, baseline, gap) = (self.y + MIDDLE, self.y + 7, SMALL_LETTER * 2 / 3);
        let mut ended = None;
        let labels: Vec<_> = lane.notes.iter().map(|note| self.label(lane, note)).collect();
        for (note, side) in lane.notes.iter().zip(labels::placed(&labels)) {
            let (x, time, text) = (self.x(note.at), duration(note.at), escaped(&note.text));
            self.put(&format!(
                r#"<circle class="ground" stroke="currentColor" cx="{x}" cy="{dot}" r="3"><title>{time} {text}</title></circle>"#
            ));
            if let Some(anchor) = side {
                // Two texts may meet at one dot. Then each keeps a gap, so that you see two.
                let meets = ended.is_some_and(|ended| x.0 < ended + SMALL_LETTER);
                let x = match anchor {
                    "end" => X(x.0.saturating_sub(gap)),
                    "start" if meets => X(x.0 + gap),
                    _ => x,
                };
                ended = (anchor == "end").then_some(x.0 + gap);
                self.put(&format!(r#"<text class="note" x="{x}" y="{baseline}" text-anchor="{anchor}">{text}</text>"#));
            }
        }
    }

    /// The places where the text of a note fits, and how much would be lost without it.
    fn label(&self, lane: &Lane, note: &Note) -> Label {
        let (X(x), width) = (self.x(note.at), (length(&note.text) + 1) * SMALL_LETTER);
        let (left, bar, right) = (self.left * 10, (self.left + self.bar) * 10, (WIDTH - MARGIN) * 10);
        // Left of the lane's beginning, the text would seem to come before the lane.
        let ends = (x >= self.x(lane.opened).0.max(left) + width).then(|| ("end", x - width));
        let above = (x >= left + width / 2 && x + width / 2 <= right).then(|| ("middle", x - width / 2));
        let starts = (x + width <= right).then_some(("start", x));
        // Above the words at the lane's end only if there is no other place.
        let sides = if x + width <= bar { [starts, above, ends] } else { [ends, above, starts] };
        let last = lane.notes.last().is_some_and(|last| last.seq == note.seq && last.at == note.at);
        let worth =
            labels::WORTH / self.said.get(&note.text).copied().unwrap_or(1) + if last { labels::WORTH } else { 0 };
        Label { sides: sides.into_iter().flatten().collect(), width, worth }
    }

    fn legend(&mut self) {
        let seen = self.seen.iter();
        let shapes = seen.map(|state| (LANES[0], self.shape(*state, X(10), X(200), 7), state.words()));
        let marks = self.sheet.ends().map(|end| {
            let shape = format!(r#"<g transform="translate(11 7)">{}</g>"#, mark(end));
            (palette::outcome(end), shape, Outcome::end_words(end))
        });
        let levels = self.sheet.rows().any(|row| row.steps.is_some());
        let level = r#"<path class="level" d="M1 13V8H8V2H15V10H21V13Z"/><path class="grid limit" d="M0 1H22"/>"#;
        let levels = levels.then(|| (LANES[0], level.to_owned(), "a number, and its limit"));
        let entries: Vec<_> = shapes.chain(marks).chain(levels).collect();
        let (mut x, mut y) = (MARGIN, self.y + 20);
        for (hue, shape, words) in entries {
            let width = 16 + 28 + length(words) * (LETTER - 2);
            if x + width > WIDTH {
                (x, y) = (MARGIN, y + 24);
            }
            let hue = hue.name;
            self.put(&format!(
                r#"<g transform="translate({x} {y})" class="{hue}">{shape}<text x="28" y="12" class="ink">{words}</text></g>"#
            ));
            x += width;
        }
        if self.sheet.has_times() {
            y += 24;
            self.put(&format!(r#"<text x="{MARGIN}" y="{}" class="{}">{TIMES}</text>"#, y + 12, QUIET.name));
        }
        self.y = y + 32;
    }
}

/// The text that you see when you point at a row.
fn story(row: &Row<'_>) -> String {
    let Row { name, words, time, lane, .. } = row;
    let facts = lane.map(|lane| {
        let polls = plural(usize::try_from(lane.poll_count()).unwrap_or(usize::MAX), "poll");
        let place = lane.place.as_ref().map_or_else(String::new, |place| format!(", {place}"));
        format!(", {polls}{place}")
    });
    format!("{name}: {words} {time}{}", facts.unwrap_or_default())
}

/// A lane's end as a piece of SVG, drawn around 0, 0 and at most 9 away from it. Each end has its own shape. `None` is still open.
///
/// The page sets its style: `full` is filled with the lane's colour, `ground` with the background colour, `mark` is a stroke, `on` is a stroke in the background colour.
#[must_use]
pub fn mark(end: Option<Outcome>) -> &'static str {
    match end {
        Some(Outcome::Finished) => r#"<circle class="full" r="7"/><path class="mark on" d="M-3.5 0L-1 3L3.5-3"/>"#,
        Some(Outcome::Failed) => r#"<circle class="ground" r="7"/><path class="mark" d="M-5-5L5 5M-5 5L5-5"/>"#,
        Some(Outcome::Panicked) => r#"<path class="full" d="M0-9L9 7H-9Z"/><path class="mark on" d="M0-3V1M0 4V4"/>"#,
        Some(Outcome::Cancelled) => r#"<path class="ground" d="M-2-6H7V6H-2Z"/><path class="mark" d="M-2-8V8M3-8V8"/>"#,
        Some(Outcome::NeverStarted) => r#"<circle class="mark ground" r="5"/>"#,
        None => r#"<path class="full" d="M-4-7L7 0L-4 7Z"/>"#,
    }
}

/// The palette as style rules: the light colours, then the dark ones for readers who prefer dark mode.
fn colors() -> String {
    let ink = |color: fn(&Hue) -> &'static str| {
        let (ink, ground) = (color(&INK), color(&GROUND));
        format!(".ink{{color:{ink}}}.ground{{fill:{ground}}}.on{{stroke:{ground}}}")
    };
    let rules = |color: fn(&Hue) -> &'static str| {
        let hues = LANES.iter().chain([&FINISHED, &CANCELLED, &TROUBLE, &QUIET]);
        hues.map(|hue| format!(".{}{{color:{}}}", hue.name, color(hue))).collect::<Vec<_>>().concat() + &ink(color)
    };
    let (light, dark) = (rules(|hue| hue.light), rules(|hue| hue.dark));
    format!("{light}\n@media (prefers-color-scheme:dark){{{dark}}}\n")
}
