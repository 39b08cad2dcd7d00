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

/// Runs a future to its end on a current-thread runtime of its own, and returns its output and the recording.
///
/// On [`Clock::Virtual`] an hour passes at once when nobody has anything to do, so a deadlock is found at once.
/// The other end of a real socket, a process and a thread take no part in that clock: with them, use [`Clock::Real`].
/// The recording is taken when the future is ready: tasks that it leaves behind have no outcome there.
/// Lanes that are made before this call do not belong to it: make them inside the future.
///
/// # Panics
///
/// If the future panics, if it is [`Stuck`] (the message says which lanes do what since when; [`try_record`] returns it instead),
/// inside a runtime (use a [`Recorder`] there), or if the operating system refuses a runtime.
pub fn record<F: Future>(clock: Clock, future: F) -> (F::Output, Recording) {
    try_record(clock, future).unwrap_or_else(|stuck| panic!("{stuck}"))
}

/// Like [`record`], but hands over what happened where the future is stuck.
///
/// # Errors
///
/// [`Stuck`], with the recording until then.
///
/// # Panics
///
/// If the future panics, inside a runtime (use a [`Recorder`] there), or if the operating system refuses a runtime.
#[expect(clippy::expect_used, reason = "for tests, where a panic is the report")]
pub fn try_record<F: Future>(clock: Clock, future: F) -> Result<(F::Output, Recording), Box<Stuck>> {
    assert!(
        Handle::try_current().is_err(),
        "`timeline::record` makes a runtime of its own, which is not possible inside another one: use a `timeline::Recorder` here"
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
/// On the virtual clock it also gives up on a loop that goes on for ever without letting time pass, if that goes through this future or a lane:
/// after tens of thousands of polls and five real seconds in one instant.
///
/// # Errors
///
/// [`Stuck`] after that time, with the recording as it was then; the future is dropped.
pub async fn unless_stuck<F: Future>(recorder: &Recorder, future: F) -> Result<F::Output, Box<Stuck>> {
    // Starts the recording's time.
    let _start = recorder.now();
    let watcher = recorder.clone();
    // A task of its own, so that it looks at the lanes before the timer that ends the wait polls them again.
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

/// Not done after [`LIMIT`], most likely a deadlock; or a loop that never lets time pass.
#[derive(Clone, Debug)]
pub struct Stuck {
    /// What happened until then, with a little of the wait at its end: enough to be seen, and not an hour of it.
    pub recording: Recording,
    /// Whether it still did something when it was given up: a loop that goes on for ever, and not a deadlock.
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
                "a loop goes on for ever, and the virtual clock stands still meanwhile: it never waits for anything"
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
                "\n(If it waits for somebody outside, such as a socket, a process or a thread: they take no part in the virtual clock; use the real one.)",
            )?;
        }
        Ok(())
    }
}

impl Error for Stuck {}
