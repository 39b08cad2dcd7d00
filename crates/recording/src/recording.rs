//! The plain data of a recording, and the questions it answers.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;

/// Whole microseconds since the recording started.
pub type Micros = u64;

/// The sequence number of an event. Of two events in one instant, the one with the smaller number came first.
///
/// All events of a recording share one count. It starts at 0 and may skip numbers.
pub type Seq = u64;

/// A poll that runs longer than this holds up the other lanes of its thread. A lane that is ready for longer than this is held up.
///
/// Tokio's own advice is 10 to 100 microseconds between awaits. Ten milliseconds is a delay that a person would notice.
pub const LONG_POLL: Micros = 10_000;

/// What tasks did: every lane with its polls, wakes, notes and outcome.
///
/// Plain data, with a versioned JSON form: see [`Recording::to_json`] and [`Recording::from_json`].
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Recording {
    /// The title of the recording: `gather`, `gather, in asyncio`.
    pub title: String,
    /// The clock that all times come from.
    pub clock: Clock,
    /// When the recording was taken.
    pub ended: Micros,
    /// The names of the threads that polled. [`Poll::thread`] is an index into this list.
    /// Empty on the virtual clock, which has one thread.
    pub threads: Vec<String>,
    /// Whether a multi-thread runtime polled the lanes.
    pub multi_thread: bool,
    /// What the recording does not contain.
    pub missing: Missing,
    /// The lanes, in the order in which they were opened.
    pub lanes: Vec<Lane>,
    /// The numbers over time, in the order in which they were first given.
    pub levels: Vec<Level>,
    /// The notes outside every lane.
    pub notes: Vec<Note>,
}

/// Counts what a recording does not contain.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Missing {
    /// Finished lanes that were dropped, the oldest first, because of the memory bound (`Recorder::with_memory` of `timeline`).
    pub finished: u64,
    /// Notes that were dropped for the same reason.
    pub notes: u64,
    /// Lanes that were made before the recorder was installed, and polled after that.
    pub early: u64,
    /// Lanes whose span did not reach the recorder, because of a filter, or because the thread does not have the subscriber.
    pub filtered: u64,
}

/// The clock of a recording's times.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Clock {
    /// Tokio's paused clock, or asyncio's virtual one: only virtual times, the same in every run.
    Virtual,
    /// The real clock.
    #[default]
    Real,
}

/// The record of one future, or of one closure on another thread.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Lane {
    /// The name given to `.lane(name)`.
    pub name: String,
    /// Future or closure.
    pub kind: Kind,
    /// The lane in whose poll this one was opened: an index into [`Recording::lanes`], smaller than this lane's own.
    pub parent: Option<usize>,
    /// Where in the source the lane was opened.
    pub place: Option<Place>,
    /// When the lane was opened. The future exists from here on, polled or not.
    pub opened: Micros,
    /// The sequence number of its opening.
    pub opened_seq: Seq,
    /// When it was polled, and for how long.
    ///
    /// If a lane has many polls, neighbours are merged, evenly over its life. A poll longer than [`LONG_POLL`] is never merged.
    pub polls: Vec<Poll>,
    /// When it was woken, and by what. If there are many wakes, neighbours are merged, but never a wake after which the lane was held up.
    pub wakes: Vec<Wake>,
    /// The notes taken in this lane.
    pub notes: Vec<Note>,
    /// Whether it was being polled when the recording was taken. Then its last poll has not ended.
    pub polling: bool,
    /// How it ended. `None` if it was still open when the recording was taken.
    pub outcome: Option<Outcome>,
    /// When it ended.
    pub closed: Option<Micros>,
    /// The sequence number of its end.
    pub closed_seq: Option<Seq>,
}

/// What a lane stands for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Kind {
    /// A future, polled by a runtime.
    #[default]
    Future,
    /// A closure on its own thread or on a thread of a pool. It has one "poll", from its start to its end, and holds up no lane.
    Blocking,
}

/// How a lane ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Outcome {
    /// Ready, with a value.
    Finished,
    /// Ready, with an `Err`. Only a `try_lane` can know that.
    Failed,
    /// A panic unwound out of its own poll, or out of the drop of its future.
    Panicked,
    /// Dropped after a first poll, before it was ready.
    Cancelled,
    /// Dropped before its first poll.
    NeverStarted,
}

/// One poll, or the sum of several.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Poll {
    /// When it began. For several polls: when the first one began.
    pub at: Micros,
    /// When it ended. For several polls: when the last one ended.
    pub until: Micros,
    /// How many polls this entry stands for.
    pub count: u32,
    /// The longest single poll in this entry, without the time in polls of nested lanes.
    pub longest: Micros,
    /// The time in all polls of this entry, without the time in polls of nested lanes.
    pub busy: Micros,
    /// Which thread polled: an index into [`Recording::threads`]. `None` if the entry stands for polls on several threads.
    pub thread: Option<u16>,
    /// The sequence number of its beginning.
    pub seq: Seq,
    /// The sequence number of its end. Everything that happened in the poll is between the two.
    pub until_seq: Seq,
}

/// A wake that made a lane ready, and the poll that followed.
///
/// A lane stays ready until its next poll. Further wakes change nothing, and are not recorded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wake {
    /// When it was woken.
    pub at: Micros,
    /// The sequence number of the wake.
    pub seq: Seq,
    /// What woke it.
    pub by: By,
    /// When it was polled after that. `None` if it never was.
    pub until: Option<Micros>,
    /// How many wakes this entry stands for, including the first one.
    pub count: u64,
}

/// What woke a lane.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum By {
    /// Code in a poll, or in the drop, of this lane: an index into [`Recording::lanes`].
    Lane(usize),
    /// The runtime: a timer, a socket, its scheduler.
    ///
    /// If neither `record` nor `unless_stuck` of `timeline` runs the outermost future, code of that future outside every lane also counts as this.
    Runtime,
    /// Code outside every lane, on a thread or in a task. Or a lane that the recording has dropped.
    Outside,
}

/// A number over time: the length of a queue, permits taken.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Level {
    /// The name given to `level` of `timeline`.
    pub name: String,
    /// Where in the source the level was first set.
    pub place: Option<Place>,
    /// Its changes. If there are many, those between the extremes are left out.
    pub values: Vec<Value>,
}

/// A change of a level.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Value {
    /// When.
    pub at: Micros,
    /// The sequence number of this change.
    pub seq: Seq,
    /// The number.
    pub value: u64,
    /// The limit of the number, from here on.
    pub limit: Option<u64>,
}

/// A line that was printed while a lane was polled.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// When it was printed.
    pub at: Micros,
    /// The sequence number of the note.
    pub seq: Seq,
    /// The text.
    pub text: String,
    /// Where in the source it was printed.
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

/// A span of time in which a lane was held up, by another lane or by no lane.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HeldUp {
    /// The lane that was held up: an index into [`Recording::lanes`].
    pub lane: usize,
    /// The lane whose long poll kept the thread. `None` if no lane did, for example if nothing polled the ready lane.
    pub by: Option<usize>,
    /// When it began.
    pub from: Micros,
    /// When it ended.
    pub until: Micros,
}

impl Lane {
    /// When it was first polled. `None` if it never was.
    #[must_use]
    pub fn started(&self) -> Option<Micros> {
        self.polls.first().map(|poll| poll.at)
    }

    /// How often it was polled.
    #[must_use]
    pub fn poll_count(&self) -> u64 {
        self.polls.iter().map(|poll| u64::from(poll.count)).sum()
    }

    /// The time from its first poll to its end, in microseconds. `None` if it has no first poll or no end.
    #[must_use]
    pub fn lasted(&self) -> Option<Micros> {
        Some(self.closed?.saturating_sub(self.started()?))
    }

    /// How long it ran, without the time in polls of nested lanes. Always 0 on the virtual clock.
    #[must_use]
    pub fn busy(&self) -> Micros {
        self.polls.iter().map(|poll| poll.busy).sum()
    }

    /// Since when it has been ready: woken, and not polled since. `None` if it is not ready, or has ended.
    #[must_use]
    pub fn ready_since(&self) -> Option<Micros> {
        let last = self.wakes.last().filter(|wake| self.outcome.is_none() && !self.polling && wake.until.is_none())?;
        Some(self.ready_from(last))
    }

    /// Since when this wake made it ready: since the wake, or since the end of the poll in which the wake came.
    fn ready_from(&self, wake: &Wake) -> Micros {
        let begun = self.polls.partition_point(|poll| poll.seq < wake.seq);
        let around = begun.checked_sub(1).map(|last| &self.polls[last]).filter(|poll| poll.until_seq > wake.seq);
        around.filter(|poll| poll.count == 1).map_or(wake.at, |poll| poll.until)
    }
}

impl Lane {
    /// Since when long polls kept the runtime from this wake. They are of one thread, in order, and follow each other up to the wake without a gap.
    ///
    /// An example: polls from 10 ms to 30 ms and from 30 ms to 50 ms, and a wake at 50 ms. The answer is 10 ms, or the end of this lane's last poll if that is later.
    fn kept_from(&self, wake: &Wake, long: &[(usize, &Poll)]) -> Micros {
        /// The resolution of Tokio's timers.
        const MOMENT: Micros = 1_000;
        let woken = self.ready_from(wake);
        let before = &long[..long.partition_point(|(_, poll)| poll.until <= woken)];
        let mut from = woken;
        for (_, poll) in before.iter().rev().take_while(|(_, poll)| poll.at < woken) {
            if from.saturating_sub(poll.until) > MOMENT {
                break;
            }
            from = poll.at;
        }
        // Compared by sequence number, because a poll takes no time on the virtual clock.
        let idle = self.polls[..self.polls.partition_point(|poll| poll.seq < wake.seq)].last();
        from.max(idle.map_or(self.opened, |poll| poll.until)).min(woken)
    }
}

impl Default for Poll {
    /// One poll of no length.
    fn default() -> Self {
        Self { at: 0, until: 0, count: 1, longest: 0, busy: 0, thread: Some(0), seq: 0, until_seq: 0 }
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

    /// A recording with only the lanes that `wanted` accepts, and the lanes in which they were opened. Use it to draw a few of many lanes.
    ///
    /// Notes and levels stay. If a removed lane woke a lane, that counts as a wake by code outside every lane.
    #[must_use]
    pub fn only(&self, wanted: impl Fn(&Lane) -> bool) -> Self {
        let mut kept: Vec<bool> = self.lanes.iter().map(wanted).collect();
        // A parent has a smaller number than its children.
        for number in (0..kept.len()).rev() {
            if let Some(parent) = self.lanes[number].parent.filter(|_| kept[number]) {
                kept[parent] = true;
            }
        }
        let mut count = 0;
        let mut next = || {
            count += 1;
            count - 1
        };
        let numbers: Vec<Option<usize>> = kept.iter().map(|kept| kept.then(&mut next)).collect();
        let lane = |(number, lane): (usize, &Lane)| {
            numbers[number]?;
            let mut lane = lane.clone();
            lane.parent = lane.parent.and_then(|parent| numbers[parent]);
            for wake in &mut lane.wakes {
                if let By::Lane(by) = wake.by {
                    wake.by = numbers[by].map_or(By::Outside, By::Lane);
                }
            }
            Some(lane)
        };
        Self { lanes: self.lanes.iter().enumerate().filter_map(lane).collect(), ..self.clone() }
    }

    /// How many of the lanes that `wanted` accepts ran at once at most.
    #[must_use]
    pub fn peak_where(&self, wanted: impl Fn(&Lane) -> bool) -> usize {
        let wanted = self.lanes.iter().filter(|lane| wanted(lane));
        let spans = wanted.filter_map(|lane| Some((lane.started()?, lane.closed.unwrap_or(Micros::MAX))));
        // A lane without a duration still counts, for one microsecond.
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

    /// The time from the first lane's opening to the last lane's end. If a lane never ended, to the end of the recording.
    #[must_use]
    pub fn total(&self) -> Micros {
        let first = self.lanes.iter().map(|lane| lane.opened).min();
        self.last_end().saturating_sub(first.unwrap_or(0))
    }

    /// When the last lane ended. A lane that is still open ends with the recording. Zero without lanes.
    #[must_use]
    pub fn last_end(&self) -> Micros {
        self.lanes.iter().map(|lane| lane.closed.unwrap_or(self.ended)).max().unwrap_or(0)
    }

    /// The names of the lanes that completed (finished or failed), in the order of their ends. In one instant, by lane number.
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

    /// The longest single poll of any future, without the polls nested in it. Always 0 on the virtual clock.
    #[must_use]
    pub fn longest_poll(&self) -> Micros {
        let futures = self.lanes.iter().filter(|lane| lane.kind == Kind::Future);
        futures.flat_map(|lane| &lane.polls).map(|poll| poll.longest).max().unwrap_or(0)
    }

    /// Which lanes were held up, when, and by which lane, if that is known. In the order of the lanes.
    ///
    /// A lane is ready from its wake to its next poll (or to its end). It is held up if that takes more than [`LONG_POLL`] of real time,
    /// or any virtual time. Causes are a blocked thread, a futurelock, a buffer that nothing polls, a task stuck behind the task that woke it.
    /// Each part of that time belongs to the lane whose long poll kept the thread that then polled it. A gap between them belongs to no lane, unless it is shorter than a long poll.
    ///
    /// A long poll also delays wakes and first polls.
    /// On a current-thread runtime, timers and sockets wake no lane while a poll has the thread. So if the runtime wakes a lane within a millisecond
    /// of the end of a long poll, that poll held it up, and so did the polls just before it. The lane could not have been woken in that time, whether it was due early or late.
    /// A lane that has never been polled is held up while a long poll keeps the thread that then polls it first.
    ///
    /// An example: `ticks` sleeps from 5 ms to 15 ms, and `parse` is polled from 10 ms to 50 ms on the same thread. The runtime wakes `ticks` at 50 ms.
    /// So `parse` held up `ticks` from 10 ms to 50 ms.
    pub fn held_up(&self) -> impl Iterator<Item = HeldUp> {
        let mut long: BTreeMap<Option<u16>, Vec<(usize, &Poll)>> = BTreeMap::new();
        for (by, poll) in self.long_polls() {
            long.entry(poll.thread).or_default().push((by, poll));
        }
        let runs: BTreeMap<_, _> = long.iter().map(|(thread, long)| (*thread, runs(long))).collect();
        let futures = self.lanes.iter().enumerate().filter(|(_, lane)| lane.kind == Kind::Future);
        futures.flat_map(move |(number, lane)| {
            let runs_of = |thread| runs.get(&thread).map_or(&[][..], Vec::as_slice);
            let (mut held, waited) = (Vec::new(), |from, until| HeldUp { lane: number, by: None, from, until });
            if let Some(first) = lane.polls.first() {
                let parts = parts(waited(lane.opened, first.at), runs_of(first.thread)).into_iter();
                // It is not known to be ready, so it was held up only while other lanes ran.
                held.extend(parts.filter(|part| part.by.is_some()));
            }
            for wake in &lane.wakes {
                let until = wake.until.unwrap_or_else(|| lane.closed.unwrap_or(self.ended));
                let after = lane.polls.partition_point(|poll| poll.until < until);
                let thread = lane.polls.get(after).or(lane.polls.last()).map_or(Some(0), |poll| poll.thread);
                let long = long.get(&thread).map_or(&[][..], Vec::as_slice);
                let keeps = wake.by == By::Runtime && !self.multi_thread;
                let from = if keeps { lane.kept_from(wake, long) } else { lane.ready_from(wake) };
                if until.saturating_sub(from) > self.clock.bearable() {
                    held.extend(parts(waited(from, until), runs_of(thread)));
                }
            }
            held
        })
    }

    /// The longest time for which a lane of this name was ready: from a wake to its next poll, or to its end.
    #[must_use]
    pub fn longest_ready(&self, name: &str) -> Micros {
        let ready = self.named(name).flat_map(|lane| {
            let end = lane.closed.unwrap_or(self.ended);
            lane.wakes.iter().map(move |wake| wake.until.unwrap_or(end).saturating_sub(lane.ready_from(wake)))
        });
        ready.max().unwrap_or(0)
    }

    /// What woke the lanes of this name, in order: the name of a lane, `"the runtime"`, or `"code outside every lane"`.
    #[must_use]
    pub fn woken_by(&self, name: &str) -> Vec<&str> {
        self.named(name).flat_map(|lane| &lane.wakes).map(|wake| self.waker(wake.by)).collect()
    }

    /// The words for what woke a lane.
    #[must_use]
    pub fn waker(&self, by: By) -> &str {
        match by {
            By::Lane(number) => &self.lanes[number].name,
            By::Runtime => "the runtime",
            By::Outside => "code outside every lane",
        }
    }

    /// The highest number that a level of this name reached. `None` if there is no such level.
    #[must_use]
    pub fn highest(&self, level: &str) -> Option<u64> {
        let levels = self.levels.iter().filter(|each| each.name == level);
        levels.flat_map(|level| &level.values).map(|value| value.value).max()
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

    /// The waiting lanes that nothing woke: polled, idle and open when the recording was taken. Each comes with the end of its last poll.
    ///
    /// After a deadlock, these lanes wait for each other, together with the lanes [that nothing polls](Recording::unpolled).
    #[must_use]
    pub fn waiting(&self) -> Vec<(&Lane, Micros)> {
        let idle =
            self.lanes.iter().filter(|lane| lane.outcome.is_none() && !lane.polling && lane.ready_since().is_none());
        idle.filter_map(|lane| Some((lane, lane.polls.last()?.until))).collect()
    }

    /// The ready lanes that nothing polls: open, woken, and not polled since then when the recording was taken. Each comes with the time of the wake.
    #[must_use]
    pub fn unpolled(&self) -> Vec<(&Lane, Micros)> {
        self.lanes.iter().filter_map(|lane| Some((lane, lane.ready_since()?))).collect()
    }

    /// The lanes that were being polled when the recording was taken, each with the time at which that poll began.
    #[must_use]
    pub fn being_polled(&self) -> Vec<(&Lane, Micros)> {
        let polled = self.lanes.iter().filter(|lane| lane.polling);
        polled.filter_map(|lane| Some((lane, lane.polls.last()?.at))).collect()
    }

    /// What each open lane did when the recording was taken, in a sentence. Look at this if a program is stuck.
    #[must_use]
    pub fn diagnosis(&self) -> Vec<String> {
        let open = self.lanes.iter().filter(|lane| lane.outcome.is_none());
        open.map(|lane| {
            let (name, last) = (&lane.name, lane.polls.last());
            match (lane.ready_since(), last) {
                (_, Some(poll)) if lane.polling => {
                    format!("{name} is being polled right now, since {}", seconds(poll.at))
                }
                (Some(since), _) => format!("{name} was woken at {}, and nothing polls it", seconds(since)),
                (None, Some(poll)) => format!("{name} waits since {}, and nothing woke it", seconds(poll.until)),
                (None, None) => format!("{name} was opened at {}, and nothing has polled it yet", seconds(lane.opened)),
            }
        })
        .collect()
    }

    /// When the last thing happened: an opening, a poll, a wake, a note, a change of a level, or an end.
    #[must_use]
    pub fn last_event(&self) -> Micros {
        let of_lanes = self.lanes.iter().flat_map(|lane| {
            let polled = lane.polls.last().map(|poll| poll.until);
            let (woken, noted) = (lane.wakes.last().map(|wake| wake.at), lane.notes.last().map(|note| note.at));
            [Some(lane.opened), polled, woken, noted, lane.closed].into_iter().flatten()
        });
        let noted = self.notes.last().map(|note| note.at);
        let changed = self.levels.iter().filter_map(|level| Some(level.values.last()?.at));
        of_lanes.chain(noted).chain(changed).max().unwrap_or(0)
    }

    fn names(&self, wanted: impl Fn(&Lane) -> bool) -> Vec<&str> {
        self.lanes.iter().filter(|lane| wanted(lane)).map(|lane| lane.name.as_str()).collect()
    }
}

/// Long polls of one lane in a row.
struct Run {
    by: usize,
    from: Micros,
    until: Micros,
}

/// Groups long polls of one thread, in order, by lane. A gap between two polls of one lane belongs to the group if it is not longer than the second poll.
fn runs(long: &[(usize, &Poll)]) -> Vec<Run> {
    let mut runs = Vec::<Run>::new();
    for &(by, &Poll { at, until, .. }) in long {
        match runs.last_mut() {
            Some(run) if run.by == by && at.saturating_sub(run.until) <= until - at => run.until = run.until.max(until),
            _ => runs.push(Run { by, from: at, until }),
        }
    }
    runs
}

/// Splits the time in which a lane waited into parts, each with the lane whose long polls kept the waiting lane from running.
///
/// A part that is too short is added to a neighbour.
fn parts(waited: HeldUp, runs: &[Run]) -> Vec<HeldUp> {
    let HeldUp { lane, from, until, .. } = waited;
    let first = runs.partition_point(|run| run.until <= from);
    let around = runs[first..].iter().take_while(|run| run.from < until).filter(|run| run.by != lane);
    let (mut parts, mut at) = (Vec::<HeldUp>::new(), from);
    for run in around {
        let (began, ended) = (run.from.max(at), run.until.min(until));
        if ended.saturating_sub(began) > LONG_POLL {
            if began - at > LONG_POLL {
                parts.push(HeldUp { until: began, from: at, ..waited });
                at = began;
            }
            parts.push(HeldUp { by: Some(run.by), from: at, until: ended, ..waited });
            at = ended;
        }
    }
    match parts.last_mut() {
        Some(last) if until.saturating_sub(at) <= LONG_POLL => last.until = until,
        _ => parts.push(HeldUp { from: at, until, ..waited }),
    }
    parts
}

fn seconds(at: Micros) -> String {
    let hundredths = at.saturating_add(5_000) / 10_000;
    format!("{}.{:02} s", hundredths / 100, hundredths % 100)
}

impl Clock {
    /// How long a lane may be ready before it is held up.
    #[must_use]
    pub fn bearable(self) -> Micros {
        if self == Self::Virtual { 0 } else { LONG_POLL }
    }
}

impl Place {
    /// A place in a source file, with forward slashes on every system.
    #[must_use]
    pub fn new(file: &'static str, line: u32) -> Self {
        // Compilers on Windows name files with backslashes, but recordings are the same everywhere.
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

    /// Every end that a lane can have. `None` means that the lane was still open.
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
