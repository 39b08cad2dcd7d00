//! The story of tasks: `cargo run -p tasks`, and `-- --help` for its flags.

use std::future::pending;
use std::process::ExitCode;
use std::time::Duration;

use futures::FutureExt;
use futures::future::BoxFuture;
use story::{Knob, Scene, Story, Told};
use tasks::{Crew, naive};
use timeline::LaneExt;
use tokio::task::{AbortHandle, JoinError, JoinHandle};
use tokio::time::sleep;
use tracing::info;

const STOP: Knob = Knob::new("stop", 900, 100..=60_000, "milliseconds until the operator cancels the search");

fn main() -> ExitCode {
    Story::new("tasks", env!("CARGO_MANIFEST_DIR"))
        .about("When a spawned task starts, and one report on five workers, which end in four different ways.")
        .knobs(&[STOP])
        .naive(
            |_| "the report says nothing until the backup has ended, and then tells one error, without a name.",
            wrong,
        )
        .asyncio(|_| "the report has a line for each end; a panic is an exception here, and its line says failed.")
        .tell(|_| "whenever a worker ends, in whatever way, the report has a line at the same instant.", right)
}

async fn right(scene: Scene) -> Told {
    let props = Props::new(&scene);
    greet().try_lane("greeting").await?;
    report(&props).lane("report").await;
    Ok(())
}

async fn wrong(scene: Scene) -> Told {
    let props = Props::new(&scene);
    greet().try_lane("greeting").await?;
    naive_report(&props).lane("report").await;
    Ok(())
}

/// Says hello, and spawns a task that says world.
async fn greet() -> Result<(), JoinError> {
    let world = tokio::spawn(async { info!("world") }.lane("world"));
    info!("hello");
    async {}.await;
    info!("that await was ready at once");
    world.await
}

/// Tells how each worker ends, when it ends.
async fn report(props: &Props) {
    let mut crew = Crew::new();
    let tasks = props.workers().map(|(name, work)| crew.spawn(name, work.try_lane(name)));
    let _operator = props.operator(tasks);
    while let Some((name, end)) = crew.next_end().await {
        info!("{name} {end}");
    }
}

/// Tells the errors, one task after another.
async fn naive_report(props: &Props) {
    let tasks = props.workers().map(|(name, work)| tokio::spawn(work.try_lane(name)));
    let _operator = props.operator(tasks.each_ref().map(JoinHandle::abort_handle));
    naive::report(tasks.into(), |error| info!("an error: {error}")).await;
}

/// When each worker ends.
struct Props {
    stop: Duration,
    backup_takes: Duration,
    queue_closes: Duration,
    prices_fail: Duration,
    mail_panics: Duration,
}

type Work = BoxFuture<'static, Result<(), String>>;

impl Props {
    fn new(scene: &Scene) -> Self {
        let mut dice = scene.dice();
        let mut between = |low, high| Duration::from_millis(dice.pick(low, high));
        Self {
            stop: scene.milliseconds(&STOP),
            queue_closes: between(180, 220),
            prices_fail: between(400, 440),
            mail_panics: between(620, 680),
            backup_takes: between(1_200, 1_300),
        }
    }

    /// The workers, by name. Only the backup comes to its end as planned.
    fn workers(&self) -> [(&'static str, Work); 5] {
        [
            ("backup", ends(self.backup_takes, "saved", Ok(()))),
            ("orders", ends(self.queue_closes, "the queue is closed", Ok(()))),
            ("prices", ends(self.prices_fail, "the server is busy", Err("busy"))),
            ("mail", miscounts(self.mail_panics).boxed()),
            ("search", pending().boxed()),
        ]
    }

    /// Cancels the search, which is the last worker, on purpose.
    fn operator(&self, tasks: [AbortHandle; 5]) -> JoinHandle<()> {
        let stop = self.stop;
        let operator = async move {
            sleep(stop).await;
            info!("cancels the search");
            tasks[4].abort();
        };
        tokio::spawn(operator.lane("operator"))
    }
}

fn ends(after: Duration, says: &'static str, result: Result<(), &'static str>) -> Work {
    let work = async move {
        sleep(after).await;
        info!("{says}");
        result.map_err(str::to_owned)
    };
    work.boxed()
}

/// A worker with a bug.
async fn miscounts(after: Duration) -> Result<(), String> {
    sleep(after).await;
    panic!("counts below zero")
}
