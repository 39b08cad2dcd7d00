//! The plain data of a recording, and the questions it answers.

use std::borrow::Cow;
use std::fmt;

/// Whole microseconds since the recording started.
pub type Micros = u64;

/// One poll that runs longer than this holds up whoever shares its thread.
///
/// Tokio's own advice is 10 to 100 microseconds between awaits; ten milliseconds is a delay that a person would notice.
pub const LONG_POLL: Micros = 10_000;

/// What tasks did: every lane with its polls, notes and outcome.
///
/// Plain data, with a versioned JSON form: see [`Recording::to_json`] and [`Recording::from_json`].
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Recording {
    /// What was recorded, as a heading: `gather`, `gather, in asyncio`.
    pub title: String,
    /// Which clock the times are of.
    pub clock: Clock,
    /// When the recording was taken.
    pub ended: Micros,
    /// The names of the threads that polled; [`Poll::thread`] counts into this list.
    /// Empty on the virtual clock, which has one thread.
    pub threads: Vec<String>,
    /// Whether a multi-thread runtime polled the lanes, so that one long poll holds up one worker and not everybody.
    pub multi_thread: bool,
    /// The lanes, in the order in which they were opened.
    pub lanes: Vec<Lane>,
    /// Notes taken outside every lane.
    pub notes: Vec<Note>,
}

/// The clock that a recording's times are of.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Clock {
    /// Tokio's paused clock, or asyncio's virtual one: only virtual times, the same in every run.
    Virtual,
    /// The clock on the wall.
    #[default]
    Real,
}

/// What one future, or one closure on another thread, did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Lane {
    /// The name given to `.lane(name)`.
    pub name: String,
    /// Future or closure.
    pub kind: Kind,
    /// The lane in whose poll this one was opened: an index into [`Recording::lanes`], smaller than its own.
    pub parent: Option<usize>,
    /// Where in the source the lane was opened.
    pub place: Option<Place>,
    /// When it was opened: the future existed from here on, polled or not.
    pub opened: Micros,
    /// When it was polled, and for how long; at most [`Lane::MOST_POLLS`] entries, the last of which stands for all that did not fit.
    pub polls: Vec<Poll>,
    /// The notes taken in this lane.
    pub notes: Vec<Note>,
    /// How it ended; `None` while it was still open when the recording was taken.
    pub outcome: Option<Outcome>,
    /// When it ended.
    pub closed: Option<Micros>,
}

/// What a lane stands for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Kind {
    /// A future, polled by a runtime.
    #[default]
    Future,
    /// A closure on a thread of its own or of a pool: it has one "poll", from its start to its end, and holds nobody up.
    Blocking,
}

/// How a lane ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Outcome {
    /// Ready, with a value.
    Finished,
    /// Ready, with an `Err`; only a `try_lane` can tell.
    Failed,
    /// A panic unwound out of its own poll.
    Panicked,
    /// Dropped after a first poll, before it was ready.
    Cancelled,
    /// Dropped before its first poll.
    NeverStarted,
}

/// One poll, or the sum of several.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Poll {
    /// When it began.
    pub at: Micros,
    /// When it ended (of several: when the last one did).
    pub until: Micros,
    /// How many polls this entry stands for: 1, except in the last entry of a full lane.
    pub count: u64,
    /// The longest single poll in it, less the time in polls of lanes nested in it.
    pub longest: Micros,
    /// Which thread polled: an index into [`Recording::threads`].
    pub thread: usize,
}

/// Something said while a lane was polled.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// When it was said.
    pub at: Micros,
    /// What was said.
    pub text: String,
    /// Where in the source it was said.
    pub place: Option<Place>,
}

/// A line of source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The file, as the compiler names it: relative to the workspace, with forward slashes.
    pub file: Cow<'static, str>,
    /// The line, from 1.
    pub line: u32,
}

/// A stretch of time in which one lane's long poll kept another from running.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HeldUp {
    /// Who was held up: an index into [`Recording::lanes`].
    pub lane: usize,
    /// Whose poll it was.
    pub by: usize,
    /// From when.
    pub from: Micros,
    /// Until when.
    pub until: Micros,
}

impl Lane {
    /// How many entries of [`Lane::polls`] a lane keeps.
    pub const MOST_POLLS: usize = 64;

    /// When it was first polled; `None` if it never was.
    #[must_use]
    pub fn started(&self) -> Option<Micros> {
        self.polls.first().map(|poll| poll.at)
    }

    /// How often it was polled.
    #[must_use]
    pub fn poll_count(&self) -> u64 {
        self.polls.iter().map(|poll| poll.count).sum()
    }

    /// From its first poll to its end, in microseconds; `None` if it has no first poll or no end.
    #[must_use]
    pub fn lasted(&self) -> Option<Micros> {
        Some(self.closed?.saturating_sub(self.started()?))
    }

    /// Adds one poll; a full lane adds it to its last entry.
    pub(crate) fn add_poll(&mut self, poll: Poll) {
        match self.polls.get_mut(Self::MOST_POLLS - 1) {
            None => self.polls.push(poll),
            Some(last) => {
                last.until = poll.until;
                last.count += poll.count;
                last.longest = last.longest.max(poll.longest);
            }
        }
    }
}

/// The questions a test can ask.
impl Recording {
    /// The lanes of this name, in the order in which they were opened.
    pub fn named<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Lane> + 'a {
        self.lanes.iter().filter(move |lane| lane.name == name)
    }

    /// The first lane of this name.
    #[must_use]
    pub fn lane(&self, name: &str) -> Option<&Lane> {
        self.lanes.iter().find(|lane| lane.name == name)
    }

    /// How many lanes of this name ran at once at most, each from its first poll to its end.
    ///
    /// A lane that ends in the same microsecond in which another starts does not overlap with it.
    #[must_use]
    pub fn peak(&self, name: &str) -> usize {
        self.peak_where(|lane| lane.name == name)
    }

    /// How many of the lanes that `wanted` accepts ran at once at most.
    #[must_use]
    pub fn peak_where(&self, wanted: impl Fn(&Lane) -> bool) -> usize {
        let wanted = self.lanes.iter().filter(|lane| wanted(lane));
        let spans = wanted.filter_map(|lane| Some((lane.started()?, lane.closed.unwrap_or(Micros::MAX))));
        // A lane of no duration still counts, for one microsecond: it was there.
        let changes = spans.flat_map(|(start, end)| [(start, 1), (end.max(start.saturating_add(1)), -1)]);
        let mut changes: Vec<(Micros, isize)> = changes.collect();
        changes.sort_unstable();
        let mut open = 0_isize;
        let mut peak = 0;
        for (_, change) in changes {
            open += change;
            peak = peak.max(open);
        }
        peak.unsigned_abs()
    }

    /// From the first lane's opening to the last lane's end (to the end of the recording where one never ended).
    #[must_use]
    pub fn total(&self) -> Micros {
        let first = self.lanes.iter().map(|lane| lane.opened).min();
        let last = self.lanes.iter().map(|lane| lane.closed.unwrap_or(self.ended)).max();
        last.unwrap_or(0).saturating_sub(first.unwrap_or(0))
    }

    /// The names of the lanes that ran to their end (finished or failed), in that order; in one instant, by lane number.
    #[must_use]
    pub fn finish_order(&self) -> Vec<&str> {
        let ended = |lane: &&Lane| matches!(lane.outcome, Some(Outcome::Finished | Outcome::Failed));
        let mut lanes: Vec<_> = self.lanes.iter().filter(ended).collect();
        lanes.sort_by_key(|lane| lane.closed);
        lanes.iter().map(|lane| lane.name.as_str()).collect()
    }

    /// The names of the lanes that ended in this way, in the order in which they were opened.
    #[must_use]
    pub fn ended(&self, outcome: Outcome) -> Vec<&str> {
        self.names(|lane| lane.outcome == Some(outcome))
    }

    /// The names of the lanes that were cancelled: dropped after a first poll.
    #[must_use]
    pub fn cancelled(&self) -> Vec<&str> {
        self.ended(Outcome::Cancelled)
    }

    /// The names of the lanes that never started: dropped before a first poll.
    #[must_use]
    pub fn never_started(&self) -> Vec<&str> {
        self.ended(Outcome::NeverStarted)
    }

    /// The names of the lanes that never ended: still open when the recording was taken.
    #[must_use]
    pub fn never_ended(&self) -> Vec<&str> {
        self.names(|lane| lane.outcome.is_none())
    }

    /// How often lanes of this name were polled, together.
    #[must_use]
    pub fn polls(&self, name: &str) -> u64 {
        self.named(name).map(Lane::poll_count).sum()
    }

    /// The longest single poll of any future, less the polls nested in it; always 0 on the virtual clock.
    #[must_use]
    pub fn longest_poll(&self) -> Micros {
        let futures = self.lanes.iter().filter(|lane| lane.kind == Kind::Future);
        futures.flat_map(|lane| &lane.polls).map(|poll| poll.longest).max().unwrap_or(0)
    }

    /// Who was held up, by whom, and when: an open, idle lane while another lane's single poll on the same thread lasted over [`LONG_POLL`].
    ///
    /// A span sees no wakes, so whether the idle lane had anything to do is unknown: this is the time in which it could not have.
    /// On a multi-thread runtime nobody can tell which worker a waiting lane would have run on, so there the answer is empty;
    /// [`Recording::long_polls`] says which worker was busy.
    ///
    /// In order of the long polls, and for each of them in order of the lanes: of a hundred long polls that each held up 100,000 lanes
    /// this is a list of ten million. Who wants to know of a few lanes asks [`Recording::held_by`].
    #[must_use]
    pub fn held_up(&self) -> Vec<HeldUp> {
        let long = self.holding_polls();
        long.iter().flat_map(|long| (0..self.lanes.len()).filter_map(|lane| self.held_by(*long, lane))).collect()
    }

    /// The long polls that can hold up others: all of them on one thread, and none where there are several.
    #[must_use]
    pub fn holding_polls(&self) -> Vec<(usize, &Poll)> {
        if self.multi_thread { Vec::new() } else { self.long_polls() }
    }

    /// When this one of the [`Recording::holding_polls`] held up that lane, if it did.
    ///
    /// # Panics
    ///
    /// If there is no lane of this number.
    #[must_use]
    pub fn held_by(&self, (by, long): (usize, &Poll), lane: usize) -> Option<HeldUp> {
        let other = &self.lanes[lane];
        let (from, until) = (long.at.max(other.opened), long.until.min(other.closed.unwrap_or(Micros::MAX)));
        if lane == by || other.kind == Kind::Blocking || until.saturating_sub(from) <= LONG_POLL {
            return None;
        }
        // The polls of one lane follow each other, so only the last that had begun by then can go on around the long one.
        let begun = other.polls.partition_point(|poll| poll.at <= from);
        let around = begun.checked_sub(1).map(|last| &other.polls[last]);
        let idle = around.is_none_or(|poll| poll.count > 1 || poll.until < until);
        idle.then_some(HeldUp { lane, by, from, until })
    }

    /// Every single poll of a future that lasted over [`LONG_POLL`], with its lane's number, in order of time.
    #[must_use]
    pub fn long_polls(&self) -> Vec<(usize, &Poll)> {
        let futures = self.lanes.iter().enumerate().filter(|(_, lane)| lane.kind == Kind::Future);
        let mut long: Vec<_> = futures
            .flat_map(|(number, lane)| lane.polls.iter().map(move |poll| (number, poll)))
            .filter(|(_, poll)| poll.count == 1 && poll.longest > LONG_POLL)
            .collect();
        long.sort_by_key(|(_, poll)| poll.at);
        long
    }

    /// The lanes that are waiting: polled, idle and open when the recording was taken, each with the time of its last poll's end.
    ///
    /// After a deadlock these are the ones that wait for one another.
    #[must_use]
    pub fn waiting(&self) -> Vec<(&Lane, Micros)> {
        let open = self.lanes.iter().filter(|lane| lane.outcome.is_none());
        open.filter_map(|lane| Some((lane, lane.polls.last()?.until))).collect()
    }

    fn names(&self, wanted: impl Fn(&Lane) -> bool) -> Vec<&str> {
        self.lanes.iter().filter(|lane| wanted(lane)).map(|lane| lane.name.as_str()).collect()
    }
}

impl Place {
    pub(crate) fn new(file: &'static str, line: u32) -> Self {
        // Windows compilers name files with backslashes; recordings are the same everywhere.
        let file = if file.contains('\\') { file.replace('\\', "/").into() } else { file.into() };
        Self { file, line }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.file, self.line)
    }
}

impl Outcome {
    /// Every outcome.
    pub const ALL: [Self; 5] = [Self::Finished, Self::Failed, Self::Panicked, Self::Cancelled, Self::NeverStarted];

    /// The words for it: `finished`, `failed`, `panicked`, `cancelled`, `never started`.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::Finished => "finished",
            Self::Failed => "failed",
            Self::Panicked => "panicked",
            Self::Cancelled => "cancelled",
            Self::NeverStarted => "never started",
        }
    }

    /// Every end that a lane can have; `None` is a lane that was still open.
    pub fn all_ends() -> impl Iterator<Item = Option<Self>> {
        Self::ALL.into_iter().map(Some).chain([None])
    }

    /// The words for a lane's end.
    #[must_use]
    pub fn end_words(end: Option<Self>) -> &'static str {
        end.map_or("still open", Self::words)
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.words())
    }
}
