//! Lanes: futures and closures that are recorded.

use std::any::type_name;
use std::future::Future;
use std::panic::Location;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::{Context, Poll, Wake, Waker};

use pin_project_lite::pin_project;
use tracing::{Span, dispatcher};

use crate::recorder::{Entered, Recorder};
use crate::store::LaneId;
use recording::{Kind, Outcome, Place};

/// Runs any future in a lane of the timeline.
///
/// A lane is a `tracing` span named `lane` with the field `name`, of level info and target `timeline`.
/// If no subscriber wants that span, it costs almost nothing.
/// If a recorder wants it, the lane gives its own waker to the future. That waker records what woke the lane, and passes the wake on.
pub trait LaneExt: Future + Sized {
    /// Runs this future in a lane of this name.
    ///
    /// The lane opens now, below the lane in whose poll you make this call.
    /// It ends as [finished](Outcome::Finished), [panicked](Outcome::Panicked), [cancelled](Outcome::Cancelled) or [never started](Outcome::NeverStarted).
    /// For a future that returns a `Result`, use [`LaneExt::try_lane`]: this method cannot see whether the future failed.
    /// In generic code, use [`LaneExt::any_lane`].
    ///
    /// Cancel safe if the future is: the lane keeps nothing else.
    ///
    /// # Panics
    ///
    /// In debug builds, if the future returns a `Result`.
    #[track_caller]
    fn lane(self, name: impl AsRef<str>) -> Lane<Self> {
        debug_assert!(
            !type_name::<Self::Output>().starts_with("core::result::Result<"),
            "this future returns a Result: `.try_lane` records that it failed, `.lane` would call it finished"
        );
        self.any_lane(name)
    }

    /// Runs this future in a lane of this name, whatever it returns. Use it in generic code, which cannot know whether the output is a `Result`.
    ///
    /// Like [`LaneExt::lane`], but an `Err` is a value like any other: the lane ends as finished.
    #[track_caller]
    fn any_lane(self, name: impl AsRef<str>) -> Lane<Self> {
        Lane::new(self, name.as_ref(), Kind::Future, Location::caller(), |_| Outcome::Finished)
    }

    /// Runs this fallible future in a lane of this name. The lane ends as [failed](Outcome::Failed) if the future returns an `Err`.
    ///
    /// Otherwise like [`LaneExt::lane`].
    #[track_caller]
    fn try_lane<T, E>(self, name: impl AsRef<str>) -> Lane<Self>
    where
        Self: Future<Output = Result<T, E>>,
    {
        Lane::new(self, name.as_ref(), Kind::Future, Location::caller(), |result| match result {
            Ok(_) => Outcome::Finished,
            Err(_) => Outcome::Failed,
        })
    }
}

impl<F: Future> LaneExt for F {}

/// Makes a closure for another thread that runs in a lane of this name. Use it for `spawn_blocking`, a thread, or a pool.
///
/// The lane opens now, below the lane in whose poll this call is made, and starts when the closure is called.
/// If you drop the closure without calling it, the lane ends as never started.
///
/// ```
/// # timeline::record(timeline::Clock::Real, async {
/// let sum = tokio::task::spawn_blocking(timeline::lane_blocking("sum", || (1..=10).sum::<u32>()));
/// assert_eq!(sum.await?, 55);
/// # Ok::<(), tokio::task::JoinError>(())
/// # }).0.unwrap();
/// ```
#[track_caller]
pub fn lane_blocking<T>(name: impl AsRef<str>, closure: impl FnOnce() -> T) -> impl FnOnce() -> T {
    let lane = Lane::new(async { closure() }, name.as_ref(), Kind::Blocking, Location::caller(), |_| Outcome::Finished);
    let dispatch = dispatcher::get_default(Clone::clone);
    move || {
        dispatcher::with_default(&dispatch, || match pin!(lane).poll(&mut Context::from_waker(Waker::noop())) {
            Poll::Ready(value) => value,
            Poll::Pending => unreachable!("a future without an await is ready at its first poll"),
        })
    }
}

/// Records the new value of a number, such as the length of a queue or the permits taken, and its limit, if there is one.
///
/// The recording keeps every change, and the drawings show them as steps below the lanes. Numbers of one name are one level. Without a recorder, this does nothing.
///
/// ```
/// let ((), recording) = timeline::record(timeline::Clock::Virtual, async {
///     timeline::level("queue", 3, 10);
///     timeline::level("queue", 1, 10);
///     timeline::level("open connections", 7, None);
/// });
/// assert_eq!(recording.highest("queue"), Some(3));
/// ```
#[track_caller]
pub fn level(name: impl AsRef<str>, value: u64, limit: impl Into<Option<u64>>) {
    if let Some(recorder) = Recorder::here() {
        let caller = Location::caller();
        recorder.level(name.as_ref(), |_| value, limit.into(), Place::new(caller.file(), caller.line()));
    }
}

/// Adds one to a level until you drop the returned value. Use it to count things in use, however their use ends.
///
/// ```
/// let ((), recording) = timeline::record(timeline::Clock::Virtual, async {
///     let first = timeline::hold("connections", 10);
///     let second = timeline::hold("connections", 10);
///     drop((first, second));
/// });
/// assert_eq!(recording.highest("connections"), Some(2));
/// ```
#[must_use = "the level falls when this is dropped"]
#[track_caller]
pub fn hold(name: impl Into<String>, limit: impl Into<Option<u64>>) -> Hold {
    let (name, limit, caller) = (name.into(), limit.into(), Location::caller());
    let place = Place::new(caller.file(), caller.line());
    let recorder = Recorder::here();
    if let Some(recorder) = &recorder {
        recorder.level(&name, |held| held + 1, limit, place.clone());
    }
    Hold { recorder, name, limit, place }
}

/// One unit of a level. [`hold`] makes it, and the drop subtracts it.
#[derive(Debug)]
pub struct Hold {
    recorder: Option<Recorder>,
    name: String,
    limit: Option<u64>,
    place: Place,
}

impl Drop for Hold {
    fn drop(&mut self) {
        if let Some(recorder) = &self.recorder {
            recorder.level(&self.name, |held| held.saturating_sub(1), self.limit, self.place.clone());
        }
    }
}

pin_project! {
    /// A future in a lane. [`LaneExt`] makes it.
    #[must_use = "futures do nothing unless you `.await` or poll them"]
    pub struct Lane<F> where F: Future {
        // Dropped in place, inside the span and before the lane ends, so that nested lanes end inside their parent.
        #[pin]
        future: Option<F>,
        track: Option<Track>,
        // Whether no recorder knows this lane.
        unheard: bool,
        judge: fn(&F::Output) -> Outcome,
    }

    impl<F: Future> PinnedDrop for Lane<F> {
        fn drop(this: Pin<&mut Self>) {
            let mut this = this.project();
            if let Some(track) = this.track
                && this.future.is_some()
            {
                // A lane may be dropped when its thread ends. Then the subscriber can no longer enter a span.
                let _in_span = (!Recorder::thread_ends()).then(|| track.span.enter());
                // Closed as panicked if the future's drop panics.
                let mut end = End { track, entered: None, outcome: Some(Outcome::Panicked), dropped: true };
                end.entered = track.waker.as_ref().map(|own| own.recorder.enter(own.lane));
                this.future.set(None);
                end.outcome = None;
            }
        }
    }
}

/// Where a lane's events are recorded.
struct Track {
    span: Span,
    /// The waker for the future, which also knows the recorder. `None` if the span's subscriber has no recorder.
    // A lane is part of every task, so it is kept small.
    waker: Option<Arc<LaneWaker>>,
}

/// Records what woke a lane, and passes the wake on.
struct LaneWaker {
    recorder: Recorder,
    lane: LaneId,
    /// The caller's waker.
    inner: Waker,
}

impl Wake for LaneWaker {
    fn wake(self: Arc<Self>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        self.recorder.wake(self.lane);
        self.inner.wake_by_ref();
    }
}

/// The end of a poll, or of the drop of a lane's future. Its own drop records it, after a return or a panic.
struct End<'a> {
    track: &'a Track,
    entered: Option<Entered>,
    outcome: Option<Outcome>,
    /// Whether this is a drop and not a poll.
    dropped: bool,
}

impl Drop for End<'_> {
    fn drop(&mut self) {
        let (Some(own), Some(entered)) = (&self.track.waker, self.entered.take()) else { return };
        if self.dropped {
            drop(entered);
        } else {
            own.recorder.end_poll(own.lane, entered);
        }
        if self.dropped || self.outcome.is_some() {
            own.recorder.close(own.lane, self.outcome);
        }
    }
}

/// A future that is dropped inside its lane when its poll is ready or panics.
struct Turn<'a, F> {
    future: Pin<&'a mut Option<F>>,
    over: bool,
}

impl<F> Drop for Turn<'_, F> {
    fn drop(&mut self) {
        if self.over {
            self.future.set(None);
        }
    }
}

impl<F: Future> Lane<F> {
    fn new(
        future: F,
        name: &str,
        kind: Kind,
        caller: &'static Location<'static>,
        judge: fn(&F::Output) -> Outcome,
    ) -> Self {
        let span = tracing::info_span!(target: "timeline", "lane", name);
        let waker = span.with_subscriber(|(id, dispatch)| {
            let recorder = dispatch.downcast_ref::<Recorder>().filter(|_| Recorder::wants(id))?.clone();
            let lane = recorder.open(name, kind, Some(Place::new(caller.file(), caller.line())));
            Some(Arc::new(LaneWaker { recorder, lane, inner: Waker::noop().clone() }))
        });
        let waker = waker.flatten();
        let mut unheard = waker.is_none();
        if unheard && let Some(deaf) = Recorder::here() {
            deaf.misses(|missing| missing.filtered += 1);
            unheard = false;
        }
        let track = (!span.is_disabled()).then_some(Track { span, waker });
        Self { future: Some(future), track, unheard, judge }
    }
}

impl<F: Future> Future for Lane<F> {
    type Output = F::Output;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<F::Output> {
        let mut this = self.project();
        let Some(future) = this.future.as_mut().as_pin_mut() else { panic!("a `Lane` was polled after it was ready") };
        if *this.unheard {
            *this.unheard = false;
            if let Some(late) = Recorder::here() {
                late.misses(|missing| missing.early += 1);
            }
        }
        let Some(track) = this.track else { return future.poll(context) };
        let waker = track.waker(context.waker());
        let _in_span = track.span.enter();
        let entered = track.waker.as_ref().map(|own| own.recorder.begin_poll(own.lane));
        // Counts as a panic until the poll, and the drop of a finished future, have returned.
        let mut end = End { track, entered, outcome: Some(Outcome::Panicked), dropped: false };
        let mut turn = Turn { future: this.future, over: true };
        let mut inner = waker.as_ref().map_or_else(|| Context::from_waker(context.waker()), Context::from_waker);
        let poll = turn.future.as_mut().as_pin_mut().map_or(Poll::Pending, |future| future.poll(&mut inner));
        turn.over = poll.is_ready();
        drop(turn);
        end.outcome = match &poll {
            Poll::Pending => None,
            Poll::Ready(output) => Some((this.judge)(output)),
        };
        poll
    }
}

impl Track {
    /// The waker for the future. It stays the same while the caller's waker stays the same.
    fn waker(&mut self, above: &Waker) -> Option<Waker> {
        let own = self.waker.as_mut()?;
        if !own.inner.will_wake(above) {
            let inner = above.clone();
            match Arc::get_mut(own) {
                Some(own) => own.inner = inner,
                // Something still holds the old waker.
                None => *own = Arc::new(LaneWaker { recorder: own.recorder.clone(), lane: own.lane, inner }),
            }
        }
        Some(Waker::from(Arc::clone(own)))
    }
}
