//! Runs one future and records it: for tests.

use std::error::Error;
use std::fmt;
use std::future::Future;
use std::time::Duration;

use tokio::runtime::Builder;
use tokio::time::sleep;
use tracing_subscriber::layer::SubscriberExt;

use crate::recorder::Recorder;
use crate::recording::{Clock, Recording};

/// How long a recorded future may take on its clock before it counts as [`Stuck`].
pub const LIMIT: Duration = Duration::from_hours(1);

/// Runs a future to its end on a current-thread runtime of its own, and returns its output and the recording.
///
/// On [`Clock::Virtual`] an hour passes at once when nobody has anything to do, so a deadlock is found at once.
/// The recording is taken when the future is ready: tasks that it leaves behind have no outcome there.
///
/// # Panics
///
/// If the future panics, if it is [`Stuck`] (the message says which lanes wait since when),
/// or if the operating system refuses a runtime.
#[expect(clippy::expect_used, reason = "for tests, where a panic is the report")]
pub fn record<F: Future>(clock: Clock, future: F) -> (F::Output, Recording) {
    let recorder = Recorder::new("recording", clock);
    let subscriber = tracing_subscriber::registry().with(recorder.clone());
    let runtime = Builder::new_current_thread().enable_all().start_paused(clock == Clock::Virtual).build();
    let runtime = runtime.expect("the operating system gives a runtime what it needs");
    tracing::subscriber::with_default(subscriber, || {
        runtime.block_on(async {
            let output = unless_stuck(&recorder, future).await.unwrap_or_else(|stuck| panic!("{stuck}"));
            (output, recorder.recording())
        })
    })
}

/// Awaits a future for at most [`LIMIT`] on the runtime's clock.
///
/// # Errors
///
/// [`Stuck`] after that time, with the recording as it was then; the future is dropped.
pub async fn unless_stuck<F: Future>(recorder: &Recorder, future: F) -> Result<F::Output, Stuck> {
    // Starts the recording's time.
    let _start = recorder.now();
    let watcher = recorder.clone();
    // A task of its own, so that it looks at the lanes before the timer that ends the wait polls them again.
    let mut limit = tokio::spawn(async move {
        sleep(LIMIT).await;
        watcher.recording()
    });
    tokio::select! {
        biased;
        Ok(recording) = &mut limit => Err(Stuck { recording }),
        output = future => {
            limit.abort();
            Ok(output)
        }
    }
}

/// Not done after [`LIMIT`]: a deadlock, most likely.
#[derive(Clone, Debug)]
pub struct Stuck {
    /// What happened until then.
    pub recording: Recording,
}

impl fmt::Display for Stuck {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not done after an hour on its clock; these lanes were still waiting:")?;
        for (lane, since) in self.recording.waiting() {
            write!(f, "\n  {} since {:.2} s", lane.name, Duration::from_micros(since).as_secs_f64())?;
        }
        Ok(())
    }
}

impl Error for Stuck {}
