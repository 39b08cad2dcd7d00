//! The recorder: one `tracing_subscriber::Layer`.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::fmt::{self, Write as _};
use std::mem::{forget, take};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::task::Waker;
use std::thread::{self, ThreadId};
use std::time::{Duration, Instant};

use tokio::runtime::{Handle, RuntimeFlavor};
use tokio::task;
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id};
use tracing::{Event, Subscriber, dispatcher};
use tracing_subscriber::filter::LevelFilter;
use tracing_subscriber::layer::{Context, Layer};

use crate::sample;
use crate::store::{LaneId, Store};
use recording::{
    By, Clock, Kind, Lane, Level, Micros, Missing, Note, Outcome, Place, Poll, Recording, Seq, Value, Wake,
};

/// Records the lanes and notes of one run.
///
/// It is a handle: all clones write into the same recording.
/// Add it to a `tracing` subscriber, run the futures, then take the [`Recorder::recording`].
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
///
/// On a multi-thread runtime, install the subscriber with `tracing::subscriber::set_global_default`:
/// `with_default` sets it only for the calling thread, not for the worker threads.
/// A subscriber can have one recorder. A filter in front of it must let the target `timeline` through.
/// Lanes that do not reach the recorder are [counted](crate::Missing), if a recorder can know of them.
///
/// A recorder keeps everything up to [a memory bound](Recorder::with_memory). Use it for programs that run for minutes, or that do not need their old lanes.
#[derive(Clone, Debug)]
pub struct Recorder {
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    clock: Clock,
    /// Whether every span becomes a lane.
    spans: AtomicBool,
    /// When the recording's time started.
    zero: OnceLock<Instant>,
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    /// The latest time written. No later event gets an earlier time.
    last: Micros,
    /// The number of the next event.
    seq: Seq,
    /// How many bytes finished lanes and notes may take.
    memory: usize,
    store: Store,
    /// Everything except the store.
    rest: Recording,
    threads: HashMap<ThreadId, usize>,
    /// The running polls, on all threads.
    polling: Vec<Turn>,
    /// The lanes of ordinary spans, which are not made by `.lane`.
    spans: HashMap<u64, LaneId>,
    spin: Spin,
}

/// A running poll.
#[derive(Clone, Copy, Debug)]
struct Turn {
    lane: LaneId,
    since: Micros,
    seq: Seq,
    thread: Option<u16>,
    /// The time spent in polls of lanes nested in this one.
    nested: Micros,
}

/// Counts the polls for which the virtual clock stands still.
#[derive(Debug, Default)]
struct Spin {
    at: Micros,
    polls: usize,
    since: Option<Instant>,
    /// Wakes the outermost future, so that it checks.
    alarm: Option<Waker>,
    is_endless: bool,
}

impl Spin {
    /// This many polls, plus some for each lane, are suspicious.
    const POLLS: usize = 20_000;
    /// This much real time for one virtual instant confirms it.
    const PATIENCE: Duration = Duration::from_secs(5);

    fn count(&mut self, now: Micros, lanes: usize) {
        if self.at != now {
            (self.at, self.polls, self.since) = (now, 0, None);
        }
        self.polls += 1;
        if self.polls.is_multiple_of(1_024) && self.polls > Self::POLLS + 8 * lanes {
            let since = *self.since.get_or_insert_with(Instant::now);
            if since.elapsed() > Self::PATIENCE {
                self.is_endless = true;
            }
        }
    }
}

impl Turn {
    fn poll(self, until: Micros, until_seq: Seq) -> Poll {
        let busy = (until - self.since).saturating_sub(self.nested);
        let (at, seq, thread) = (self.since, self.seq, self.thread);
        Poll { at, until, count: 1, longest: busy, busy, thread, seq, until_seq }
    }
}

impl State {
    fn next(&mut self) -> Seq {
        self.seq += 1;
        self.seq - 1
    }

    /// Drops lanes and notes that exceed the bound.
    fn trim(&mut self) {
        while self.store.let_go(self.memory) {
            self.rest.missing.finished += 1;
        }
    }
}

thread_local! {
    /// The lanes being polled on this thread, the innermost last.
    static STACK: RefCell<Vec<(Recorder, LaneId)>> = const { RefCell::new(Vec::new()) };
    /// The span that a recorder on this thread saw last. A span that a filter removes is not recorded.
    static TOLD: Cell<u64> = const { Cell::new(0) };
    /// Whether the outermost future is being polled on this thread.
    static OUTERMOST: Cell<bool> = const { Cell::new(false) };
}

/// While this lives, a lane is the innermost on this thread, or the outermost future is being polled.
pub(crate) struct Entered(Option<LaneId>);

impl Drop for Entered {
    fn drop(&mut self) {
        let Some(lane) = self.0 else { return OUTERMOST.set(false) };
        // When a thread ends, its stack may be dropped before its lanes.
        let _ = STACK.try_with(|stack| {
            let mut stack = stack.borrow_mut();
            let innermost = stack.iter().rposition(|(_, entered)| *entered == lane);
            innermost.map(|at| stack.remove(at))
        });
    }
}

impl Recorder {
    /// A recorder whose recording will have this title. Its time starts at the first recorded event.
    ///
    /// On [`Clock::Virtual`] it records only Tokio's paused time, and no real time. So the recording is the same in every run.
    /// A socket's other end, a process or a thread is outside that clock: while the runtime waits for one of them, an hour passes at once.
    #[must_use]
    pub fn new(title: impl Into<String>, clock: Clock) -> Self {
        let rest = Recording { title: title.into(), clock, ..Recording::default() };
        let (memory, store, spin) = (256 << 20, Store::default(), Spin::default());
        let (threads, polling, spans) = (HashMap::new(), Vec::new(), HashMap::new());
        let state = Mutex::new(State { last: 0, seq: 0, memory, store, rest, threads, polling, spans, spin });
        Self { shared: Arc::new(Shared { clock, spans: AtomicBool::new(false), zero: OnceLock::new(), state }) }
    }

    /// Sets how many bytes of finished lanes and of notes it keeps, approximately. The default is 256 MiB.
    ///
    /// Above that, it drops the lane that finished first. If there is no finished lane, it drops older notes of the lane that gets a new one.
    /// [`Recording::missing`] counts them.
    #[must_use]
    pub fn with_memory(self, bytes: usize) -> Self {
        self.state().1.memory = bytes;
        self
    }

    /// Makes a lane of every span that reaches the recorder, such as those of `#[tracing::instrument]`.
    ///
    /// A span has less information than a lane: no wakes and no outcomes. If it was ever entered, it ends as finished,
    /// even if its future was dropped, and that drop counts as a poll.
    #[must_use]
    pub fn with_spans(self) -> Self {
        self.shared.spans.store(true, Ordering::Relaxed);
        self
    }

    /// The time on the recording's clock.
    ///
    /// Outside a runtime, the virtual clock cannot be read. There it is the latest time written.
    #[must_use]
    pub fn now(&self) -> Micros {
        self.state().0
    }

    /// Everything recorded so far. Lanes that are still open have no outcome.
    ///
    /// Lanes keep running in the meantime. The call blocks them only for a few microseconds.
    #[must_use]
    pub fn recording(&self) -> Recording {
        let (ended, mut state) = self.state();
        let until_seq = state.next();
        let (store, mut recording, polling) = (state.store.clone(), state.rest.clone(), state.polling.clone());
        drop(state);
        recording.ended = ended;
        let numbers;
        (recording.lanes, numbers) = store.lanes();
        for turn in polling {
            if let Ok(lane) = numbers.binary_search(&turn.lane.number) {
                recording.lanes[lane].polls.push(turn.poll(ended, until_seq));
                recording.lanes[lane].polling = true;
            }
        }
        recording
    }

    /// The name of the innermost lane that is being polled on this thread.
    #[must_use]
    pub fn current_lane(&self) -> Option<String> {
        let lane = self.innermost()?;
        Some(self.state().1.store.get(lane)?.name.clone())
    }

    /// The recorder of this thread's subscriber, or else of the lane that is being polled on it.
    pub(crate) fn here() -> Option<Self> {
        let subscribed = dispatcher::get_default(|dispatch| dispatch.downcast_ref::<Self>().cloned());
        let polling = || STACK.try_with(|stack| stack.borrow().last().map(|(recorder, _)| recorder.clone()));
        subscribed.or_else(|| polling().ok().flatten())
    }

    /// The state, locked, and the time: read under the lock, so that times are written in order.
    fn state(&self) -> (Micros, MutexGuard<'_, State>) {
        // A panic cannot leave the state half-written, because nothing below calls foreign code under the lock.
        let mut state = self.shared.state.lock().unwrap_or_else(PoisonError::into_inner);
        let now = match self.shared.clock {
            Clock::Real => Some(Instant::now()),
            // Outside a runtime, Tokio's `Instant::now()` is real time, which may be before or after the virtual time.
            Clock::Virtual => Handle::try_current().is_ok().then(|| tokio::time::Instant::now().into_std()),
        };
        if let Some(now) = now {
            let since = now.saturating_duration_since(*self.shared.zero.get_or_init(|| now));
            state.last = state.last.max(Micros::try_from(since.as_micros()).unwrap_or(Micros::MAX));
        }
        (state.last, state)
    }

    fn innermost(&self) -> Option<LaneId> {
        let is_mine = |(recorder, _): &&(Self, LaneId)| Arc::ptr_eq(&recorder.shared, &self.shared);
        let innermost = STACK.try_with(|stack| stack.borrow().iter().rev().find(is_mine).map(|(_, lane)| *lane));
        innermost.ok().flatten()
    }

    /// Whether a recorder saw this new span, or a filter removed it.
    pub(crate) fn wants(span: &Id) -> bool {
        TOLD.take() == span.into_u64()
    }

    /// Counts a lane that the recording misses.
    pub(crate) fn misses(&self, count: impl FnOnce(&mut Missing)) {
        count(&mut self.state().1.rest.missing);
    }

    /// Opens a lane below the one that is being polled on this thread.
    pub(crate) fn open(&self, name: &str, kind: Kind, place: Option<Place>) -> LaneId {
        let parent = self.innermost().map(|lane| lane.number);
        let (opened, mut state) = self.state();
        let (name, opened_seq) = (name.to_owned(), state.next());
        state.store.open(Lane { name, kind, parent, place, opened, opened_seq, ..Lane::default() })
    }

    /// Records that a poll of this lane begins on this thread.
    pub(crate) fn begin_poll(&self, lane: LaneId) -> Entered {
        let (since, mut guard) = self.state();
        let state = &mut *guard;
        let (seq, thread) = (state.next(), self.thread(state));
        state.polling.push(Turn { lane, since, seq, thread, nested: 0 });
        let mut alarm = None;
        if self.shared.clock == Clock::Virtual {
            state.spin.count(since, state.store.opened());
            alarm = if state.spin.is_endless { state.spin.alarm.take() } else { None };
        }
        if let Some(started) = state.store.get_mut(lane) {
            if let Some(wake) = started.wakes.last_mut() {
                wake.until.get_or_insert(since);
            }
            if started.polls.is_empty() && started.kind == Kind::Future {
                let flavor = Handle::try_current().map(|handle| handle.runtime_flavor());
                state.rest.multi_thread |= matches!(flavor, Ok(RuntimeFlavor::MultiThread));
            }
        }
        drop(guard);
        if let Some(alarm) = alarm {
            alarm.wake();
        }
        self.enter(lane)
    }

    /// Records that the innermost poll on this thread, a poll of this lane, ended.
    pub(crate) fn end_poll(&self, lane: LaneId, entered: Entered) {
        drop(entered);
        let outer = self.innermost();
        let (until, mut guard) = self.state();
        let state = &mut *guard;
        let Some(at) = state.polling.iter().rposition(|turn| turn.lane == lane) else { return };
        let (turn, until_seq) = (state.polling.remove(at), state.next());
        if let Some(lane) = state.store.get_mut(lane) {
            sample::push(&mut lane.polls, turn.poll(until, until_seq), self.shared.clock.bearable());
        }
        if let Some(outer) = outer.and_then(|outer| state.polling.iter_mut().rfind(|turn| turn.lane == outer)) {
            outer.nested += until - turn.since;
        }
    }

    /// Whether this thread is ending, and has dropped its thread-locals.
    pub(crate) fn thread_ends() -> bool {
        STACK.try_with(|_| ()).is_err()
    }

    /// Makes this lane the innermost on this thread: while it is polled, or its future dropped.
    pub(crate) fn enter(&self, lane: LaneId) -> Entered {
        let _ = STACK.try_with(|stack| stack.borrow_mut().push((self.clone(), lane)));
        Entered(Some(lane))
    }

    /// Marks the outermost future as being polled on this thread. Returns `None` if it is in an endless loop.
    pub(crate) fn outermost(&self, waker: &Waker) -> Option<Entered> {
        let (now, mut guard) = self.state();
        let state = &mut *guard;
        if self.shared.clock == Clock::Virtual {
            state.spin.count(now, state.store.opened());
        }
        if state.spin.is_endless {
            return None;
        }
        let known = state.spin.alarm.as_ref().is_some_and(|alarm| alarm.will_wake(waker));
        let old = if known { None } else { state.spin.alarm.replace(waker.clone()) };
        drop(guard);
        drop(old);
        OUTERMOST.set(true);
        Some(Entered(None))
    }

    /// Records that the code that runs on this thread woke this lane, unless the lane is already ready.
    pub(crate) fn wake(&self, lane: LaneId) {
        let waker = self.innermost();
        let (at, mut guard) = self.state();
        let state = &mut *guard;
        let seq = state.seq;
        let Some(woken) = state.store.get_mut(lane) else { return };
        if woken.outcome.is_some() || woken.wakes.last().is_some_and(|wake| wake.until.is_none()) {
            return;
        }
        let by = match waker {
            Some(lane) => By::Lane(lane.number),
            None if OUTERMOST.get() || task::try_id().is_some() || Handle::try_current().is_err() => By::Outside,
            None => By::Runtime,
        };
        let wake = Wake { at, seq, by, until: None, count: 1 };
        sample::push(&mut woken.wakes, wake, self.shared.clock.bearable());
        state.seq += 1;
    }

    /// Records how a lane ended. Without an outcome, it was dropped.
    pub(crate) fn close(&self, id: LaneId, outcome: Option<Outcome>) {
        let (now, mut guard) = self.state();
        let state = &mut *guard;
        let seq = state.next();
        let Some(lane) = state.store.get_mut(id) else { return };
        let dropped = if lane.polls.is_empty() { Outcome::NeverStarted } else { Outcome::Cancelled };
        (lane.outcome, lane.closed, lane.closed_seq) = (Some(outcome.unwrap_or(dropped)), Some(now), Some(seq));
        let last = lane.polls.last().map_or(0, |poll| poll.seq);
        // A wake in the last poll, which was ready or panicked, has no effect.
        lane.wakes.pop_if(|wake| outcome.is_some() && wake.until.is_none() && wake.seq > last);
        state.store.finish(id);
        state.trim();
    }

    /// Records a new value of a level: `change` computes it from the old one.
    pub(crate) fn level(&self, name: &str, change: impl FnOnce(u64) -> u64, limit: Option<u64>, place: Place) {
        let (at, mut guard) = self.state();
        let state = &mut *guard;
        let seq = state.next();
        let levels = &mut state.rest.levels;
        let known = levels.iter().position(|level| level.name == name).unwrap_or_else(|| {
            levels.push(Level { name: name.to_owned(), place: Some(place), values: Vec::new() });
            levels.len() - 1
        });
        let values = &mut levels[known].values;
        let value = change(values.last().map_or(0, |last| last.value));
        if values.last().is_none_or(|last| (last.value, last.limit) != (value, limit)) {
            sample::push_value(values, Value { at, seq, value, limit });
        }
    }

    /// The number of this thread. If there are very many threads, the last ones have no number.
    fn thread(&self, state: &mut State) -> Option<u16> {
        if self.shared.clock == Clock::Virtual {
            return Some(0);
        }
        let thread = thread::current();
        let number = *state.threads.entry(thread.id()).or_insert_with(|| {
            let names = &mut state.rest.threads;
            names.push(thread.name().map_or_else(|| format!("thread {}", names.len()), str::to_owned));
            names.len() - 1
        });
        u16::try_from(number).ok()
    }

    /// The lane of this span, if spans are lanes. With `forget`, the span no longer has it.
    fn of_span(&self, span: &Id, forget: bool) -> Option<LaneId> {
        if !self.shared.spans.load(Ordering::Relaxed) {
            return None;
        }
        let (_, mut state) = self.state();
        if forget { state.spans.remove(&span.into_u64()) } else { state.spans.get(&span.into_u64()).copied() }
    }
}

impl<S: Subscriber> Layer<S> for Recorder {
    fn max_level_hint(&self) -> Option<LevelFilter> {
        Some(LevelFilter::INFO)
    }

    fn on_new_span(&self, attributes: &Attributes<'_>, id: &Id, _: Context<'_, S>) {
        let _ = TOLD.try_with(|told| told.set(id.into_u64()));
        let metadata = attributes.metadata();
        if metadata.target() != "timeline" && self.shared.spans.load(Ordering::Relaxed) {
            let place = metadata.file().zip(metadata.line()).map(|(file, line)| Place::new(file, line));
            let lane = self.open(metadata.name(), Kind::Future, place);
            self.state().1.spans.insert(id.into_u64(), lane);
        }
    }

    fn on_enter(&self, id: &Id, _: Context<'_, S>) {
        if let Some(lane) = self.of_span(id, false) {
            // `on_exit` ends this poll.
            forget(self.begin_poll(lane));
        }
    }

    fn on_exit(&self, id: &Id, _: Context<'_, S>) {
        if let Some(lane) = self.of_span(id, false) {
            self.end_poll(lane, Entered(Some(lane)));
        }
    }

    fn on_close(&self, id: Id, _: Context<'_, S>) {
        if let Some(lane) = self.of_span(&id, true) {
            let entered = self.state().1.store.get(lane).is_some_and(|lane| !lane.polls.is_empty());
            self.close(lane, entered.then_some(Outcome::Finished));
        }
    }

    /// Writes an event of level info or above as a note of the innermost lane.
    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        let metadata = event.metadata();
        if *metadata.level() > tracing::Level::INFO {
            return;
        }
        let text = message(event);
        let place = metadata.file().zip(metadata.line()).map(|(file, line)| Place::new(file, line));
        let lane = self.innermost();
        let (at, mut guard) = self.state();
        let state = &mut *guard;
        let note = Note { at, seq: state.next(), text, place };
        state.store.noted(&note);
        state.trim();
        // Taken out, so that the store can count what is dropped.
        let mut notes = take(notes_of(&mut state.store, lane).unwrap_or(&mut state.rest.notes));
        notes.push(note);
        state.rest.missing.notes += state.store.halve(&mut notes, state.memory);
        *notes_of(&mut state.store, lane).unwrap_or(&mut state.rest.notes) = notes;
    }
}

fn notes_of(store: &mut Store, lane: Option<LaneId>) -> Option<&mut Vec<Note>> {
    Some(&mut store.get_mut(lane?)?.notes)
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
