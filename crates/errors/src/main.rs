//! The story of errors: `cargo run -p errors`, and `-- --help` for its flags.

use std::future::pending;
use std::io;
use std::num::NonZeroU32;
use std::process::ExitCode;
use std::time::Duration;

use errors::{JobError, Journal, Transient, end_of, naive, report, retry};
use story::{Knob, Scene, Story, Told};
use timeline::LaneExt;
use tokio::io::{DuplexStream, duplex};
use tokio::task::JoinHandle;
use tokio::time::sleep;
use tracing::info;

const BUSY: Knob = Knob::new("busy", 2, 0..=9, "how often the service is busy before it answers");

const TRIES: NonZeroU32 = NonZeroU32::new(3).unwrap();
const NAMES: [&str; 4] = ["prices", "stock", "totals", "backup"];

fn main() -> ExitCode {
    const LOOK: &str =
        "stock fails at once, totals panics, backup is cancelled, and at the end night tells the three apart.";
    Story::new("errors", env!("CARGO_MANIFEST_DIR"))
        .about("A night with four jobs in tasks: three of them end badly, each in a different way. In the end, a journal fails too.")
        .knobs(&[BUSY])
        .naive(
            |_| "stock is tried three times in vain, and then counts as done; nobody hears why the others failed, nor that the journal is lost.",
            wrong,
        )
        .asyncio(|_| "the bug in totals is an exception like any other; the order of the `except` clauses tells the four ends apart.")
        .tell(|_| LOOK, right)
}

#[derive(Debug, thiserror::Error)]
enum ServiceError {
    #[error("the service is busy")]
    Busy,
    #[error("no table {0}")]
    NoTable(&'static str),
}

impl Transient for ServiceError {
    fn is_transient(&self) -> bool {
        matches!(self, Self::Busy)
    }
}

type Answer = Result<&'static str, ServiceError>;

async fn right(scene: Scene) -> Told {
    let props = Props::new(&scene);
    async {
        let mut lines = Vec::new();
        for (name, task) in NAMES.into_iter().zip(props.tasks(Retry::Busy)) {
            let line = match end_of(task).await {
                Ok(value) => format!("{name} done: {value}"),
                Err(error @ JobError::Panicked(_)) => format!("{name} has a bug: {}", report(&error)),
                Err(error) => format!("{name} {}", report(&error)),
            };
            info!("{line}");
            lines.push(line);
        }
        if let Err(error) = keep_journal(server_that_is_gone(), &lines).try_lane("journal").await {
            info!("the journal is lost: {error}");
        }
    }
    .lane("night")
    .await;
    Ok(())
}

async fn wrong(scene: Scene) -> Told {
    let props = Props::new(&scene);
    async {
        let mut lines = Vec::new();
        for (name, task) in NAMES.into_iter().zip(props.tasks(Retry::Anything)) {
            let line = match naive::end_of(task).await {
                Ok(()) => format!("{name} done"),
                Err(error) => format!("{name} {error}"),
            };
            info!("{line}");
            lines.push(line);
        }
        naive::keep_journal(server_that_is_gone(), &lines).lane("journal").await;
    }
    .lane("night")
    .await;
    Ok(())
}

/// Writes the lines to a server, and returns its error.
async fn keep_journal(server: DuplexStream, lines: &[String]) -> io::Result<()> {
    let mut journal = Journal::new(server);
    for line in lines {
        journal.line(line).await?;
    }
    info!("{} lines in the buffer", lines.len());
    journal.close().await
}

/// A connection whose other end is gone.
fn server_that_is_gone() -> DuplexStream {
    let (near, _far) = duplex(64);
    near
}

/// What is worth another try.
#[derive(Clone, Copy)]
enum Retry {
    Busy,
    Anything,
}

impl Retry {
    /// Asks until there is an answer.
    async fn ask<F: Future<Output = Answer>>(self, pause: Duration, attempt: impl FnMut() -> F) -> Answer {
        match self {
            Self::Busy => retry(TRIES, pause, attempt).await,
            Self::Anything => naive::retry(TRIES, pause, attempt).await,
        }
    }
}

/// How long everything takes.
struct Props {
    busy: u64,
    pause: Duration,
    answer_takes: Duration,
    refusal_takes: Duration,
    sum_takes: Duration,
    patience: Duration,
}

impl Props {
    fn new(scene: &Scene) -> Self {
        let mut dice = scene.dice();
        let mut milliseconds = |low, high| Duration::from_millis(dice.pick(low, high));
        Self {
            busy: scene.get(&BUSY),
            pause: milliseconds(110, 130),
            answer_takes: milliseconds(230, 250),
            refusal_takes: milliseconds(180, 200),
            sum_takes: milliseconds(400, 440),
            patience: milliseconds(640, 680),
        }
    }

    /// Spawns the four jobs, and a task that aborts the last of them when its time is over.
    fn tasks(&self, retry: Retry) -> [JoinHandle<Answer>; 4] {
        let tasks = [
            tokio::spawn(prices(retry, self.pause, self.busy, self.answer_takes).try_lane("prices")),
            tokio::spawn(stock(retry, self.pause, self.refusal_takes).try_lane("stock")),
            tokio::spawn(totals(self.sum_takes).try_lane("totals")),
            tokio::spawn(backup().try_lane("backup")),
        ];
        let (patience, backup) = (self.patience, tasks[3].abort_handle());
        tokio::spawn(async move {
            sleep(patience).await;
            backup.abort();
        });
        tasks
    }
}

/// Asks a service that is busy so many times.
async fn prices(retry: Retry, pause: Duration, mut busy: u64, takes: Duration) -> Answer {
    let attempt = || {
        let is_busy = busy > 0;
        busy = busy.saturating_sub(1);
        call(if is_busy { Err(ServiceError::Busy) } else { Ok("42 prices") }, takes)
    };
    retry.ask(pause, attempt).await
}

/// Asks for a table that does not exist.
async fn stock(retry: Retry, pause: Duration, takes: Duration) -> Answer {
    retry.ask(pause, || call(Err(ServiceError::NoTable("stock")), takes)).await
}

async fn call(answer: Answer, takes: Duration) -> Answer {
    info!("asking");
    sleep(takes).await;
    answer.inspect_err(|error| info!("{error}"))
}

/// Has a bug.
async fn totals(takes: Duration) -> Answer {
    let figures: Vec<u64> = Vec::new();
    info!("adding up");
    sleep(takes).await;
    assert!(!figures.is_empty(), "{} figures", figures.len());
    Ok("a sum")
}

/// Never ends by itself.
async fn backup() -> Answer {
    info!("copying");
    pending().await
}
