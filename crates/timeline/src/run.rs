//! Runs one future and records it: for tests.

use std::error::Error;
use std::fmt;
use std::future::{Future, poll_fn};
use std::pin::{Pin, pin};
use std::task::Poll;
use std::time::Duration;

use tokio::runtime::{Builder, Handle};
use tokio::time::sleep;
use tracing_subscriber::layer::SubscriberExt;

use crate::recorder::Recorder;
use recording::{Clock, Recording};

/// How long a recorded future may take on its clock before it counts as [`Stuck`].
pub const LIMIT: Duration = Duration::from_hours(1);

/// How many lanes the message of [`Stuck`] names.
const MOST_SENTENCES: usize = 20;

/// Runs a future to completion on its own current-thread runtime, and returns its output and the recording.
///
/// On [`Clock::Virtual`], an hour passes at once if no task can run. So a deadlock is found at once.
/// The other end of a real socket, a process and a thread are outside that clock. With them, use [`Clock::Real`].
/// The recording is taken when the future is ready. Tasks that still run then have no outcome in it.
/// Lanes that are made before this call are not recorded. Make them inside the future.
///
/// # Panics
///
/// If the future panics, if it is [`Stuck`] (the message says what each lane does, and since when; [`try_record`] returns it instead),
/// inside a runtime (use a [`Recorder`] there), or if the operating system cannot provide what a runtime needs.
pub fn record<F: Future>(clock: Clock, future: F) -> (F::Output, Recording) {
    try_record(clock, future).unwrap_or_else(|stuck| panic!("{stuck}"))
}

/// Like [`record`], but if the future is stuck, it returns the recording.
///
/// # Errors
///
/// [`Stuck`], with the recording until then.
///
/// # Panics
///
/// If the future panics, inside a runtime (use a [`Recorder`] there), or if the operating system cannot provide what a runtime needs.
#[expect(clippy::expect_used, reason = "for tests, where a panic is the report")]
pub fn try_record<F: Future>(clock: Clock, future: F) -> Result<(F::Output, Recording), Box<Stuck>> {
    assert!(
        Handle::try_current().is_err(),
        "`timeline::record` makes its own runtime, which is not possible inside another runtime: use a `timeline::Recorder` here"
    );
    let recorder = Recorder::new("recording", clock);
    let subscriber = tracing_subscriber::registry().with(recorder.clone());
    let runtime = Builder::new_current_thread().enable_all().start_paused(clock == Clock::Virtual).build();
    let runtime = runtime.expect("the operating system gives a runtime what it needs");
    tracing::subscriber::with_default(subscriber, || {
        runtime.block_on(async {
            let output = unless_stuck(&recorder, future).await?;
            Ok((output, recorder.recording()))
        })
    })
}

/// Awaits a future for at most [`LIMIT`] on the runtime's clock.
///
/// On the virtual clock, it also gives up on an endless loop that does not let time pass. The loop must go through this future or a lane.
/// It gives up after tens of thousands of polls and five real seconds in one instant.
///
/// # Errors
///
/// [`Stuck`] after that time, with the recording at that moment. The future is dropped.
pub async fn unless_stuck<F: Future>(recorder: &Recorder, future: F) -> Result<F::Output, Box<Stuck>> {
    // Starts the recording's time.
    let _start = recorder.now();
    let watcher = recorder.clone();
    // A separate task, so that it looks at the lanes before the timer that ends the wait polls them again.
    let mut limit = tokio::spawn(async move {
        sleep(LIMIT).await;
        watcher.recording()
    });
    let mut future = pin!(future);
    let stuck = |recording, endless| Poll::Ready(Err(Box::new(Stuck::new(recording, endless))));
    poll_fn(|context| {
        if let Poll::Ready(Ok(recording)) = Pin::new(&mut limit).poll(context) {
            return stuck(recording, false);
        }
        let Some(_outermost) = recorder.outermost(context.waker()) else { return stuck(recorder.recording(), true) };
        let poll = future.as_mut().poll(context);
        if poll.is_ready() {
            limit.abort();
        }
        poll.map(Ok)
    })
    .await
}

/// The future was not done after [`LIMIT`], most likely because of a deadlock. Or it was in a loop that never lets time pass.
#[derive(Clone, Debug)]
pub struct Stuck {
    /// The recording until then, with a small part of the wait at its end: enough to see it, but not the whole hour.
    pub recording: Recording,
    /// Whether the future was still running: an endless loop, not a deadlock.
    pub endless: bool,
    /// Whether the clock stood still in that loop.
    pub spins: bool,
}

impl Stuck {
    fn new(recording: Recording, spins: bool) -> Self {
        let last = recording.last_event();
        let endless = spins || last > recording.ended / 2;
        let ended = if spins { recording.ended } else { recording.ended.min(last + last / 3 + 100_000) };
        Self { recording: Recording { ended, ..recording }, endless, spins }
    }
}

impl fmt::Display for Stuck {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self { spins: true, .. } => {
                "a loop goes on for ever without waiting for anything, so the virtual clock stands still"
            }
            Self { endless: true, .. } => {
                "not done after an hour on its clock, and still busy: a loop goes on for ever"
            }
            _ => "not done after an hour on its clock",
        })?;
        let diagnosis = self.recording.diagnosis();
        if diagnosis.is_empty() {
            f.write_str("; no lane is open")?;
        }
        for (index, sentence) in diagnosis.iter().take(MOST_SENTENCES).enumerate() {
            write!(f, "{}\n  {sentence}", if index == 0 { ":" } else { "" })?;
        }
        if diagnosis.len() > MOST_SENTENCES {
            write!(f, "\n  and {} lanes more", diagnosis.len() - MOST_SENTENCES)?;
        }
        if self.recording.clock == Clock::Virtual && !self.endless {
            f.write_str(
                "\n(Sockets, processes and threads take no part in the virtual clock. If it waits for one of them, use the real clock.)",
            )?;
        }
        Ok(())
    }
}

impl Error for Stuck {}
