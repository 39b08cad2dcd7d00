//! The chart for a terminal: one row per lane, one glyph per state, so that it is also readable without colour.

use std::collections::BTreeSet;

use recording::{Micros, Note, Outcome, Recording};

use crate::layout::{
    MOST_LANES, Panel, Row, Sheet, State, Steps, TIMES, Track, cut, cut_name, duration, in_lines, length, scaled,
    ticks, words_of,
};
use crate::palette::{self, Hue, INK, LANES, QUIET, TROUBLE};

/// How a chart looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Look {
    /// The most columns that it may take. Fewer than 40 count as 40.
    pub width: usize,
    /// How many lines the screen has. If a recording's time axis would scroll out of it, the axis also stands below the lanes.
    pub height: usize,
    /// Whether to use the terminal's colours. Without them, every state still has its own glyph.
    pub color: bool,
    /// Whether to write each lane's notes below it.
    pub notes: bool,
    /// The most lanes of a recording to show. Of more lanes, the first and the last ones are shown.
    pub lanes: usize,
    /// Whether to save lines: the time axis stands only once, below the first title, and there is no summary and no empty line.
    pub dense: bool,
}

impl Default for Look {
    /// 80 columns, as many lines as it takes, no colour, no notes, 40 lanes, not dense.
    fn default() -> Self {
        Self { width: 80, height: usize::MAX, color: false, notes: false, lanes: MOST_LANES, dense: false }
    }
}

/// Draws recordings as a chart for a terminal: one below the other, on one time axis and with one legend. It ends in a line break.
///
/// Every lane is a row, below its parent. Of more lanes than `look.lanes`, it shows the first and the last ones.
/// A summary stands below each recording. No line is wider than `look.width` columns.
/// A lane that ends further left was quicker. Lanes of one name have one colour.
#[must_use]
pub fn chart(recordings: &[&Recording], look: &Look) -> String {
    let chart = Chart::new(Sheet::new(recordings, look.lanes), *look);
    let mut lines: Vec<_> =
        (0..).zip(&chart.sheet.panels).flat_map(|(number, panel)| chart.panel(number, panel)).collect();
    lines.extend(chart.legend());
    let text: String = lines.iter().map(|line| line.trim_end().to_owned() + "\n").collect();
    text.trim_end().to_owned() + "\n"
}

/// How many lines there are besides the lanes, from the axis to the prompt: summary, legend, and what a story says below.
const BELOW: usize = 10;
const POLLED: char = '┼';
const FIRST_POLL: char = '├';
/// Above the limit of a level.
const OVER: char = '▲';
/// The heights of a level.
const EIGHTHS: [char; 9] = [' ', '▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];

struct Chart<'a> {
    sheet: Sheet<'a>,
    look: Look,
    /// How many columns the parts of a row take: the name, the bar, the end in words, the duration.
    name: usize,
    bar: usize,
    words: usize,
    time: usize,
}

impl<'a> Chart<'a> {
    fn new(sheet: Sheet<'a>, look: Look) -> Self {
        let look = Look { width: look.width.max(40), ..look };
        let widest = |width: fn(&Row<'_>) -> usize| sheet.rows().map(width).max().unwrap_or(0);
        let name = widest(|row| 2 * row.depth + length(&row.name)).min(24).min(look.width / 3);
        let mut words = widest(|row| if row.lane.is_some() { 2 + length(&row.words) } else { 0 });
        let time = widest(|row| length(&row.time));
        // If there is little room, the words are left out first: the end mark says the same.
        if look.width < name + words + time + 30 {
            words = 1;
        }
        let bar = look.width - name - words - time - 4;
        Self { sheet, look, name, bar, words, time }
    }

    fn panel(&self, number: usize, panel: &Panel<'_>) -> Vec<String> {
        // A dense chart does not name the clock, to save lines.
        let clock = if self.look.dense { String::new() } else { format!("({})", panel.clock) };
        let title = cut(panel.title, self.look.width - clock.len() - usize::from(!self.look.dense));
        let title = if self.look.color { format!("\x1b[1m{title}\x1b[0m") } else { title };
        let mut lines = vec![if self.look.dense { title } else { format!("{title} {}", self.ink(QUIET, &clock)) }];
        // All panels have one time axis.
        let has_axis = if self.look.dense { number == 0 } else { !panel.rows.is_empty() };
        if has_axis {
            lines.push(self.axis());
        }
        lines.extend(self.notes(&panel.recording.notes, QUIET));
        // A dense chart has room for lanes only.
        for row in panel.rows.iter().filter(|row| row.steps.is_none() || !self.look.dense) {
            lines.push(self.row(row));
            lines.extend(row.lane.into_iter().flat_map(|lane| self.notes(&lane.notes, row.hue)));
        }
        if self.look.dense {
            return lines;
        }
        if panel.rows.len() + BELOW > self.look.height {
            lines.push(self.axis());
        }
        for sentence in &panel.summary {
            lines.extend(in_lines(words_of(sentence), " ", self.look.width));
        }
        lines.push(String::new());
        lines
    }

    fn row(&self, row: &Row<'_>) -> String {
        let (cells, end) = match (&row.track, &row.steps) {
            (Some(track), _) => (self.bar(track, row.hue), track.end),
            (None, Some(steps)) => (self.steps(steps, row.hue), None),
            (None, None) => return self.ink(QUIET, &cut(&row.name, self.look.width)),
        };
        let indent = (2 * row.depth).min(self.name / 2);
        let room = self.name - indent;
        let name = cut_name(&row.name, room);
        let name = self.ink(row.hue, &(name.clone() + &" ".repeat(room - length(&name))));
        let runs = cells.chunk_by(|a, b| a.1 == b.1);
        let bar: String =
            runs.map(|run| self.ink(run[0].1, &run.iter().map(|cell| cell.0).collect::<String>())).collect();
        let (words, time) = (self.words, self.time);
        let end = match end {
            Some((_, outcome)) => {
                let end: String = format!("{} {}", mark(outcome), row.words).chars().take(words).collect();
                self.ink(palette::outcome(outcome), &format!("{end:words$}")) + &format!(" {:>time$}", row.time)
            }
            None if row.steps.is_some() => self.ink(QUIET, &cut(&row.words, words + 1 + time)),
            None => self.ink(TROUBLE, &cut(&row.words, words + 1 + time)),
        };
        format!("{}{name} {bar}  {end}", " ".repeat(indent))
    }

    /// The glyph and the colour of each column of the bar.
    fn bar(&self, track: &Track, hue: Hue) -> Vec<(char, Hue)> {
        let mut cells = vec![(' ', QUIET); self.bar];
        for (at, _) in self.ticks() {
            cells[self.column(at)].0 = '┊';
        }
        // The last column belongs to the end mark.
        let last = track.end.map_or(self.bar - 1, |(at, _)| self.column(at).saturating_sub(1));
        for stretch in &track.stretches {
            // A column shows the state in its middle.
            let ahead = |at| scaled(at, self.sheet.end, 2 * (self.bar - 1)).div_ceil(2);
            let (mut from, mut until) = (ahead(stretch.from), ahead(stretch.until));
            if stretch.matters() {
                from = from.min(last);
                until = until.max(from + 1);
            }
            cells[from..until.max(from)].fill(glyph(stretch.state, hue));
        }
        for (index, at) in track.polls.iter().enumerate() {
            let (cell, is_first) = (&mut cells[self.column(*at)], index == 0 && track.end.is_some());
            // The first poll must be visible, because the lane's time counts from it.
            if matches!(cell.0, ' ' | '┊' | '·' | '─') || (is_first && cell.0 == '░') {
                *cell = (if is_first { FIRST_POLL } else { POLLED }, hue);
            }
        }
        if let Some((at, outcome)) = track.end {
            cells[self.column(at)] = (mark(outcome), palette::outcome(outcome));
        }
        cells
    }

    /// The glyph of each column of a level: the highest number in it, in eighths of the limit, or of the peak if there is no limit.
    fn steps(&self, steps: &Steps, hue: Hue) -> Vec<(char, Hue)> {
        let mut cells = vec![(0, false); self.bar];
        for step in &steps.changes {
            let eighths = scaled(step.value, steps.most.unwrap_or(steps.peak), 8).max(usize::from(step.value > 0));
            let (from, until) = (self.column(step.from), self.column(step.until));
            for (height, is_over) in &mut cells[from..=until] {
                *height = eighths.max(*height);
                *is_over |= step.is_over;
            }
        }
        let cell = |(height, is_over)| if is_over { (OVER, TROUBLE) } else { (EIGHTHS[height], hue) };
        let mut cells: Vec<_> = cells.into_iter().map(cell).collect();
        for (at, _) in self.ticks() {
            let cell = &mut cells[self.column(at)];
            if cell.0 == EIGHTHS[0] {
                *cell = ('┊', QUIET);
            }
        }
        cells
    }

    /// The labels of the time axis.
    fn axis(&self) -> String {
        let mut line = String::new();
        for (at, label) in self.ticks() {
            // The first label begins at its tick, the others are centred on theirs.
            let middle = if at == 0 { 0 } else { length(&label) / 2 };
            let start = self.name + 1 + self.column(at) - middle;
            let start = start.min(self.look.width - length(&label));
            if start > length(&line) {
                line += &" ".repeat(start - length(&line));
                line += &label;
            }
        }
        self.ink(QUIET, &line)
    }

    fn ticks(&self) -> impl Iterator<Item = (Micros, String)> {
        ticks(self.sheet.end, self.bar as u64 / 8)
    }

    fn column(&self, at: Micros) -> usize {
        scaled(at, self.sheet.end, self.bar - 1)
    }

    /// Each note below its moment, or as near to it as it fits.
    fn notes(&self, notes: &[Note], hue: Hue) -> Vec<String> {
        let room = self.look.width - self.name - 1;
        let notes = notes.iter().filter(|_| self.look.notes).map(|note| {
            let text = cut(&format!("{} {}", duration(note.at), note.text), room);
            let start = self.name + 1 + self.column(note.at).min(room - length(&text));
            " ".repeat(start) + &self.ink(hue, &text)
        });
        notes.collect()
    }

    fn legend(&self) -> Vec<String> {
        let drawn: BTreeSet<_> =
            self.sheet.tracks().flat_map(|track| self.bar(track, QUIET)).map(|cell| cell.0).collect();
        let states = State::ALL.map(|state| (glyph(state, LANES[0]), state.words())).into_iter();
        let states =
            states.filter(|((glyph, _), _)| drawn.contains(glyph) || (*glyph == POLLED && drawn.contains(&FIRST_POLL)));
        // If a dense chart has the ends in words, it does not explain their marks.
        let ends = self
            .sheet
            .ends()
            .filter(|_| !self.look.dense || self.words == 1)
            .map(|end| ((mark(end), palette::outcome(end)), Outcome::end_words(end)));
        let levels = self.sheet.rows().any(|row| row.steps.is_some()) && !self.look.dense;
        let levels = levels.then_some(((EIGHTHS[1], LANES[0]), "a number, up to its limit or peak"));
        let over = self.sheet.rows().any(|row| row.steps.as_ref().is_some_and(Steps::is_over)) && !self.look.dense;
        let over = over.then_some(((OVER, TROUBLE), "above its limit"));
        let entries = states.chain(ends).chain(levels).chain(over).map(|((glyph, hue), words)| {
            let glyphs = match glyph {
                POLLED => format!("{FIRST_POLL} {POLLED}"),
                glyph if glyph == EIGHTHS[1] => EIGHTHS[1..].iter().collect(),
                glyph => glyph.to_string(),
            };
            (format!("{} {words}", self.ink(hue, &glyphs)), length(&glyphs) + 1 + length(words))
        });
        let mut lines = in_lines(entries, "   ", self.look.width);
        // On a separate line, because it explains no glyph.
        lines.extend((self.sheet.has_times() && !self.look.dense).then(|| TIMES.to_owned()));
        lines
    }

    fn ink(&self, hue: Hue, text: &str) -> String {
        if self.look.color && hue != INK && !text.trim().is_empty() {
            format!("\x1b[38;5;{}m{text}\x1b[0m", hue.ansi)
        } else {
            text.to_owned()
        }
    }
}

/// The glyph of a state; every one of them takes one column.
fn glyph(state: State, hue: Hue) -> (char, Hue) {
    match state {
        State::NotStarted => ('·', QUIET),
        State::Waiting => ('─', hue),
        State::Polled => (POLLED, hue),
        State::Running => ('█', hue),
        State::PartlyRunning => ('▄', hue),
        State::HeldUp => ('░', TROUBLE),
    }
}

/// The glyph at a lane's end.
fn mark(end: Option<Outcome>) -> char {
    match end {
        Some(Outcome::Finished) => '✓',
        Some(Outcome::Failed) => '✗',
        Some(Outcome::Panicked) => '!',
        Some(Outcome::Cancelled) => '╢',
        Some(Outcome::NeverStarted) => '○',
        None => '►',
    }
}
