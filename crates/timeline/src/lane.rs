//! Lanes: a future or a closure whose doings are recorded.

use std::any::type_name;
use std::future::Future;
use std::panic::Location;
use std::pin::{Pin, pin};
use std::task::{Context, Poll, Waker};

use pin_project_lite::pin_project;
use tracing::Span;

use crate::recorder::Recorder;
use crate::recording::{Kind, Outcome, Place};

/// Runs any future in a lane of the timeline.
///
/// A lane is a `tracing` span named `lane` with the field `name`, of level info and target `timeline`.
/// It costs about nothing where no subscriber wants that span.
pub trait LaneExt: Future + Sized {
    /// Runs this future in a lane of this name.
    ///
    /// The lane opens now, below the lane in whose poll this call is made.
    /// It ends as [finished](Outcome::Finished), [panicked](Outcome::Panicked), [cancelled](Outcome::Cancelled) or [never started](Outcome::NeverStarted).
    /// For a future that returns a `Result`, use [`LaneExt::try_lane`]: this method cannot see that it failed.
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
        Lane::new(self, name.as_ref(), Kind::Future, Location::caller(), |_| Outcome::Finished)
    }

    /// Runs this fallible future in a lane of this name, which ends as [failed](Outcome::Failed) when the future returns an `Err`.
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

/// Makes a closure for another thread that runs in a lane of this name: for `spawn_blocking`, a thread, or a pool.
///
/// The lane opens now, below the lane in whose poll this call is made, and starts when the closure is called.
/// A closure that is dropped uncalled never started.
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
    let dispatch = tracing::dispatcher::get_default(Clone::clone);
    move || {
        tracing::dispatcher::with_default(&dispatch, || {
            match pin!(lane).poll(&mut Context::from_waker(Waker::noop())) {
                Poll::Ready(value) => value,
                Poll::Pending => unreachable!("a future without an await is ready at its first poll"),
            }
        })
    }
}

pin_project! {
    /// A future in a lane; made by [`LaneExt`].
    #[must_use = "futures do nothing unless you `.await` or poll them"]
    pub struct Lane<F> where F: Future {
        // Dropped in place, inside the span and before the lane ends, so that what it holds ends inside its parent.
        #[pin]
        future: Option<F>,
        track: Option<Track>,
        judge: fn(&F::Output) -> Outcome,
    }

    impl<F: Future> PinnedDrop for Lane<F> {
        fn drop(this: Pin<&mut Self>) {
            let mut this = this.project();
            if let Some(track) = this.track
                && this.future.is_some()
            {
                let _in_span = track.span.enter();
                track.tell(Recorder::enter);
                this.future.set(None);
                track.tell(|_, _| Recorder::leave());
                track.tell(|recorder, lane| recorder.close(lane, None));
            }
        }
    }
}

/// Where a lane's doings are written.
struct Track {
    span: Span,
    /// The recorder under the span's subscriber, and the lane's number in it.
    recorder: Option<(Recorder, usize)>,
}

/// One poll; its end is written when this is dropped, by return or by a panic.
struct Turn<'a, F> {
    track: &'a Track,
    future: Pin<&'a mut Option<F>>,
    /// How the lane ends with this poll: by a panic, until the poll returns something else.
    outcome: Option<Outcome>,
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
        let recorder = span.with_subscriber(|(id, dispatch)| {
            let recorder = dispatch.downcast_ref::<Recorder>().filter(|_| Recorder::wants(id))?.clone();
            let lane = recorder.open(name, kind, Place::new(caller.file(), caller.line()));
            Some((recorder, lane))
        });
        let track = recorder.map(|recorder| Track { span, recorder });
        Self { future: Some(future), track, judge }
    }
}

impl<F: Future> Future for Lane<F> {
    type Output = F::Output;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<F::Output> {
        let mut this = self.project();
        let Some(future) = this.future.as_mut().as_pin_mut() else { panic!("a `Lane` was polled after it was ready") };
        let Some(track) = this.track else { return future.poll(context) };
        let _in_span = track.span.enter();
        track.tell(Recorder::begin_poll);
        let mut turn = Turn { track, future: this.future, outcome: Some(Outcome::Panicked) };
        let poll = turn.future.as_mut().as_pin_mut().map_or(Poll::Pending, |future| future.poll(context));
        turn.outcome = match &poll {
            Poll::Pending => None,
            Poll::Ready(output) => Some((this.judge)(output)),
        };
        poll
    }
}

impl<F> Drop for Turn<'_, F> {
    fn drop(&mut self) {
        if self.outcome.is_some() {
            self.future.set(None);
        }
        self.track.tell(Recorder::end_poll);
        self.track.tell(|recorder, lane| {
            if self.outcome.is_some() {
                recorder.close(lane, self.outcome);
            }
        });
    }
}

impl Track {
    fn tell(&self, what: impl FnOnce(&Recorder, usize)) {
        if let Some((recorder, lane)) = &self.recorder {
            what(recorder, *lane);
        }
    }
}
