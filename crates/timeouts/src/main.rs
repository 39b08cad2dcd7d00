//! The story of timeouts: `cargo run -p timeouts`, and `-- --help` for its flags.

use std::cell::Cell;
use std::future::pending;
use std::process::ExitCode;
use std::time::Duration;

use story::{Knob, Scene, Story, Told};
use timeline::LaneExt;
use timeouts::{fill, finish_or_stop, naive, retry};
use tokio::sync::mpsc;
use tokio::task::{JoinError, JoinHandle};
use tokio::time::error::Elapsed;
use tokio::time::{Instant, sleep, sleep_until, timeout, timeout_at};
use tokio_util::task::AbortOnDropHandle;
use tracing::info;

const LIMIT: Knob = Knob::new("limit", 600, 150..=60_000, "milliseconds that each of them may take");
const TRIES: Knob = Knob::new("tries", 3, 1..=20, "how often the server is asked");

fn main() -> ExitCode {
    Story::new("timeouts", env!("CARGO_MANIFEST_DIR"))
        .about("What a time limit does to attempts, a loop, a task, a photo finish, and a request that has to clean up.")
        .knobs(&[LIMIT, TRIES])
        .naive(|_| "the attempts and the loop take longer than the limit, and the report is written although nobody waits for it any more.", wrong)
        .asyncio(|_| "both sleepers are too late, ready never starts, and the request takes longer, because wait_for lets the call hang up first.")
        .tell(
            |_| "every outer lane is as long as the limit or shorter, and what still runs inside it then is cancelled.",
            right,
        )
}

async fn right(scene: Scene) -> Told {
    let props = Props::new(&scene);
    let answer = retry(props.limit, props.tries, || props.ask()).try_lane("attempts").await;
    info!("{}", answer.map_or_else(|error| format!("gave up: {error}"), |()| "answered".to_owned()));
    props.collect(fill).lane("loop").await;
    props.wait_for_the_report(finish_or_stop).try_lane("task").await?;
    props.the_edges().await;
    props.call().lane("request").await;
    Ok(())
}

async fn wrong(scene: Scene) -> Told {
    let props = Props::new(&scene);
    let answer = naive::retry(props.limit, props.tries, || props.ask()).try_lane("attempts").await;
    info!("{}", answer.map_or_else(|error| format!("gave up: {error}"), |()| "answered".to_owned()));
    props.collect(naive::fill).lane("loop").await;
    props.wait_for_the_report(naive::finish_or_stop).try_lane("task").await?;
    props.the_edges().await;
    props.call().lane("request").await;
    Ok(())
}

/// What the limit is for, and how long it would take without.
struct Props {
    limit: Duration,
    tries: u32,
    asked: Cell<u32>,
    refused_after: Duration,
    between_events: Duration,
    report_takes: Duration,
}

impl Props {
    fn new(scene: &Scene) -> Self {
        let (limit, mut dice) = (scene.get(&LIMIT), scene.dice());
        Self {
            limit: Duration::from_millis(limit),
            tries: u32::try_from(scene.get(&TRIES)).unwrap_or(u32::MAX),
            asked: Cell::new(0),
            // An even number leaves whole milliseconds for each of two more attempts.
            refused_after: Duration::from_millis(2 * dice.pick(limit / 14, limit / 11)),
            between_events: Duration::from_millis(limit * 2 / 5 - dice.pick(1, limit / 30)),
            report_takes: Duration::from_millis(limit * 5 / 3),
        }
    }

    /// Asks a server that refuses the first time, and then does not answer at all.
    async fn ask(&self) -> Result<(), &'static str> {
        self.asked.update(|asked| asked + 1);
        let attempt = async {
            info!("asking");
            if self.asked.get() > 1 {
                pending::<()>().await;
            }
            sleep(self.refused_after).await;
            info!("refused");
            Err("refused")
        };
        attempt.try_lane(format!("attempt {}", self.asked.get())).await
    }

    /// Collects what a sensor sends.
    async fn collect(&self, fill: impl AsyncFnOnce(&mut Vec<u32>, usize, Duration, &mut mpsc::Receiver<u32>) -> bool) {
        let (sender, mut receiver) = mpsc::channel(1);
        let pause = self.between_events;
        let sensor = async move {
            for event in 1..=6 {
                sleep(pause).await;
                info!("event {event}");
                if sender.send(event).await.is_err() {
                    return;
                }
            }
        };
        let _sensor = AbortOnDropHandle::new(tokio::spawn(sensor.lane("sensor")));
        let mut events = Vec::new();
        fill(&mut events, 100, self.limit, &mut receiver).await;
        info!("{} events", events.len());
    }

    /// Waits for a task that takes longer than the limit.
    async fn wait_for_the_report(
        &self,
        wait: impl AsyncFnOnce(Duration, JoinHandle<()>) -> Result<Option<()>, JoinError>,
    ) -> Result<(), JoinError> {
        let takes = self.report_takes;
        let report = async move {
            info!("writing");
            sleep(takes).await;
            info!("written");
        };
        let report = wait(self.limit, tokio::spawn(report.lane("report"))).await?;
        info!("{}", report.map_or("no report", |()| "a report"));
        Ok(())
    }

    /// Waits for what is ready at the very instant of the limit, and then without any time at all.
    async fn the_edges(&self) {
        let deadline = Instant::now() + self.limit;
        let sleeper = |name| timeout_at(deadline, sleep_until(deadline).lane(name));
        let both = async { info!("{}", verdict(tokio::join!(sleeper("sleeper 1"), sleeper("sleeper 2")))) };
        both.lane("same instant").await;

        let ready = async { info!("asked") };
        let hanging = async {
            info!("asked");
            pending::<()>().await;
        };
        let both = async {
            let ready = timeout(Duration::ZERO, ready.lane("ready")).await;
            info!("{}", verdict((ready, timeout(Duration::ZERO, hanging.lane("hanging")).await)));
        };
        both.lane("no time").await;
    }

    /// Makes a call that nobody answers, and that has to be hung up.
    async fn call(&self) {
        let call = async {
            let _line = Line;
            info!("connected");
            pending::<()>().await;
        };
        let result = timeout(self.limit, call.lane("call")).await;
        info!("{}", result.map_or("no answer", |()| "an answer"));
    }
}

fn verdict(results: (Result<(), Elapsed>, Result<(), Elapsed>)) -> String {
    let words = |result: Result<_, _>| if result.is_ok() { "in time" } else { "too late" };
    format!("{}, {}", words(results.0), words(results.1))
}

struct Line;

impl Drop for Line {
    fn drop(&mut self) {
        info!("hanging up");
    }
}
