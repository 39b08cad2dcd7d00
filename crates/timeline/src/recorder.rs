//! The recorder: one `tracing_subscriber::Layer`.

use std::cell::{Cell, RefCell};
use std::fmt::{self, Write as _};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::thread::{self, ThreadId};

use tokio::runtime::{Handle, RuntimeFlavor};
use tokio::time::Instant;
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id};
use tracing::{Event, Level, Subscriber};
use tracing_subscriber::filter::LevelFilter;
use tracing_subscriber::layer::{Context, Layer};

use crate::recording::{Clock, Kind, Lane, Micros, Note, Outcome, Place, Poll, Recording};

/// Records the lanes and notes of one run.
///
/// A handle: its clones write into the same recording.
/// Add one to a `tracing` subscriber, run the futures, then take the [`Recorder::recording`].
///
/// ```
/// use timeline::{Clock, LaneExt, Recorder};
/// use tracing_subscriber::layer::SubscriberExt;
///
/// let recorder = Recorder::new("hello", Clock::Real);
/// let subscriber = tracing_subscriber::registry().with(recorder.clone());
/// let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build()?;
/// tracing::subscriber::with_default(subscriber, || {
///     runtime.block_on(async { tracing::info!("said hello") }.lane("greeter"));
/// });
///
/// let recording = recorder.recording();
/// assert_eq!(recording.finish_order(), ["greeter"]);
/// assert_eq!(recording.lanes[0].notes[0].text, "said hello");
/// # Ok::<(), std::io::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Recorder {
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    clock: Clock,
    zero: OnceLock<Instant>,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    /// The latest time written; no later event is written before it.
    last: Micros,
    recording: Recording,
    /// Of each of the recording's threads.
    threads: Vec<ThreadId>,
    /// For each lane that is being polled right now: this poll.
    polling: Vec<Option<Turn>>,
}

/// A poll that goes on.
#[derive(Clone, Copy, Debug)]
struct Turn {
    since: Micros,
    thread: usize,
    /// The time spent in polls of lanes nested in this one.
    nested: Micros,
}

impl Turn {
    fn poll(self, until: Micros) -> Poll {
        let longest = (until - self.since).saturating_sub(self.nested);
        Poll { at: self.since, until, count: 1, longest, thread: self.thread }
    }
}

thread_local! {
    /// The lanes being polled on this thread, the innermost last.
    static STACK: RefCell<Vec<(Recorder, usize)>> = const { RefCell::new(Vec::new()) };
    /// The span that a recorder on this thread was told of last: one that a filter keeps from it is not recorded.
    static TOLD: Cell<u64> = const { Cell::new(0) };
}

impl Recorder {
    /// A recorder whose recording will have this title; its time starts at the first thing recorded.
    ///
    /// On [`Clock::Virtual`] it writes Tokio's paused time and nothing of the real one, so that the recording is the same in every run.
    #[must_use]
    pub fn new(title: impl Into<String>, clock: Clock) -> Self {
        let recording = Recording { title: title.into(), clock, ..Recording::default() };
        let state = Mutex::new(State { recording, ..State::default() });
        Self { shared: Arc::new(Shared { clock, zero: OnceLock::new(), state }) }
    }

    /// The time on the recording's clock.
    ///
    /// Outside a runtime the virtual clock cannot be read; there this is the latest time written.
    #[must_use]
    pub fn now(&self) -> Micros {
        self.state().0
    }

    /// What was recorded so far; lanes that are still open have no outcome.
    #[must_use]
    pub fn recording(&self) -> Recording {
        let (now, state) = self.state();
        let mut recording = state.recording.clone();
        recording.ended = now;
        for (lane, turn) in recording.lanes.iter_mut().zip(&state.polling) {
            if let Some(turn) = turn {
                lane.add_poll(turn.poll(now));
            }
        }
        recording
    }

    /// The name of the innermost lane that is being polled on this thread.
    #[must_use]
    pub fn current_lane(&self) -> Option<String> {
        let lane = self.innermost()?;
        Some(self.state().1.recording.lanes[lane].name.clone())
    }

    /// The state, locked, and the time: read under the lock, so that times are written in order.
    fn state(&self) -> (Micros, MutexGuard<'_, State>) {
        // A panic cannot leave the state half-written: nothing below calls foreign code under the lock.
        let mut state = self.shared.state.lock().unwrap_or_else(PoisonError::into_inner);
        // Tokio's `Instant::now()` is real time outside a runtime, which lies before a virtual now or after it by chance.
        if self.shared.clock == Clock::Real || Handle::try_current().is_ok() {
            let now = Instant::now();
            let since = now.saturating_duration_since(*self.shared.zero.get_or_init(|| now));
            state.last = state.last.max(Micros::try_from(since.as_micros()).unwrap_or(Micros::MAX));
        }
        (state.last, state)
    }

    fn innermost(&self) -> Option<usize> {
        let is_mine = |(recorder, _): &&(Self, usize)| Arc::ptr_eq(&recorder.shared, &self.shared);
        STACK.with_borrow(|stack| stack.iter().rev().find(is_mine).map(|(_, lane)| *lane))
    }

    /// Whether a recorder was told of this new span, or a filter kept it away.
    pub(crate) fn wants(span: &Id) -> bool {
        TOLD.take() == span.into_u64()
    }

    /// Opens a lane below the one that is being polled on this thread, and returns its number.
    pub(crate) fn open(&self, name: &str, kind: Kind, place: Place) -> usize {
        let parent = self.innermost();
        let (opened, mut state) = self.state();
        let (name, place) = (name.to_owned(), Some(place));
        state.recording.lanes.push(Lane { name, kind, parent, place, opened, ..Lane::default() });
        state.polling.push(None);
        state.recording.lanes.len() - 1
    }

    /// Writes that a poll of this lane begins on this thread.
    pub(crate) fn begin_poll(&self, lane: usize) {
        let (since, mut state) = self.state();
        let thread = self.thread(&mut state);
        state.polling[lane] = Some(Turn { since, thread, nested: 0 });
        let started = &state.recording.lanes[lane];
        if started.polls.is_empty() && started.kind == Kind::Future {
            let flavor = Handle::try_current().map(|handle| handle.runtime_flavor());
            state.recording.multi_thread |= matches!(flavor, Ok(RuntimeFlavor::MultiThread));
        }
        drop(state);
        self.enter(lane);
    }

    /// Writes that the innermost poll on this thread ended, which was of this lane.
    pub(crate) fn end_poll(&self, lane: usize) {
        Self::leave();
        let outer = self.innermost();
        let (until, mut state) = self.state();
        let Some(turn) = state.polling[lane].take() else { return };
        state.recording.lanes[lane].add_poll(turn.poll(until));
        if let Some(outer) = outer.and_then(|outer| state.polling[outer].as_mut()) {
            outer.nested += until - turn.since;
        }
    }

    /// Makes this lane the innermost on this thread: while it is polled, or its future dropped.
    pub(crate) fn enter(&self, lane: usize) {
        STACK.with_borrow_mut(|stack| stack.push((self.clone(), lane)));
    }

    /// Undoes the last [`Recorder::enter`] on this thread.
    pub(crate) fn leave() {
        STACK.with_borrow_mut(Vec::pop);
    }

    /// Writes how a lane ended; without an outcome it was dropped.
    pub(crate) fn close(&self, lane: usize, outcome: Option<Outcome>) {
        let (now, mut state) = self.state();
        let lane = &mut state.recording.lanes[lane];
        let dropped = if lane.polls.is_empty() { Outcome::NeverStarted } else { Outcome::Cancelled };
        lane.outcome = Some(outcome.unwrap_or(dropped));
        lane.closed = Some(now);
    }

    fn thread(&self, state: &mut State) -> usize {
        if self.shared.clock == Clock::Virtual {
            return 0;
        }
        let thread = thread::current();
        let known = state.threads.iter().position(|id| *id == thread.id());
        known.unwrap_or_else(|| {
            let number = state.threads.len();
            state.threads.push(thread.id());
            state.recording.threads.push(thread.name().map_or_else(|| format!("thread {number}"), str::to_owned));
            number
        })
    }
}

impl<S: Subscriber> Layer<S> for Recorder {
    fn max_level_hint(&self) -> Option<LevelFilter> {
        Some(LevelFilter::INFO)
    }

    fn on_new_span(&self, _: &Attributes<'_>, id: &Id, _: Context<'_, S>) {
        TOLD.set(id.into_u64());
    }

    /// Writes an event of level info or above as a note of the innermost lane.
    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        let metadata = event.metadata();
        if *metadata.level() > Level::INFO {
            return;
        }
        let text = message(event);
        let place = metadata.file().zip(metadata.line()).map(|(file, line)| Place::new(file, line));
        let lane = self.innermost();
        let (at, mut state) = self.state();
        let recording = &mut state.recording;
        let notes = lane.map_or(&mut recording.notes, |lane| &mut recording.lanes[lane].notes);
        notes.push(Note { at, text, place });
    }
}

/// The text of an event: its message, then its other fields as `name=value`.
#[must_use]
pub fn message(event: &Event<'_>) -> String {
    struct Text(String);

    impl Visit for Text {
        fn record_str(&mut self, field: &Field, value: &str) {
            self.record_debug(field, &format_args!("{value}"));
        }

        fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
            let space = if self.0.is_empty() { "" } else { " " };
            // Writing to a String cannot fail.
            let _ = match field.name() {
                "message" => write!(self.0, "{space}{value:?}"),
                name => write!(self.0, "{space}{name}={value:?}"),
            };
        }
    }

    let mut text = Text(String::new());
    event.record(&mut text);
    text.0
}
