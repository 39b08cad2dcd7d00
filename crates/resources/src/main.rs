//! The story of resources: `cargo run -p resources`, and `-- --help` for its flags.

use std::process::ExitCode;
use std::time::Duration;

use resources::{naive, with_stack};
use story::{Knob, Scene, Story, Told};
use timeline::LaneExt;
use tokio::sync::oneshot;
use tokio::time::{sleep, timeout};
use tokio_util::task::TaskTracker;
use tracing::info;

const PATIENCE: Knob = Knob::new("patience", 700, 1..=60_000, "milliseconds until the import is cancelled");

fn main() -> ExitCode {
    Story::new("resources", env!("CARGO_MANIFEST_DIR"))
        .about("Two jobs open a database, a cache and a queue. In the first one the cache refuses, the second one is cancelled.")
        .knobs(&[PATIENCE])
        .naive(|_| "no connection is closed unless all goes well: the database loses its client when the cache refuses.", wrong)
        .asyncio(|seen| look(seen.cancelled().is_empty(), "the cancelled import goes on until its last connection is closed."))
        .tell(|seen| look(seen.cancelled().is_empty(), "every connection says `closed`, the last one first, also when the cache refuses and when the import is cancelled."), right)
}

fn look(import_ends: bool, if_cancelled: &'static str) -> &'static str {
    if import_ends {
        return "the import has enough time; each job ends when its last connection is closed.";
    }
    if_cancelled
}

/// An error of this story is a sentence.
type Result<T> = std::result::Result<T, String>;

/// What is opened, in this order.
const NAMES: [&str; 3] = ["database", "cache", "queue"];

async fn right(scene: Scene) -> Told {
    let (props, tracker) = (Props::new(&scene), TaskTracker::new());
    let job = async |refuses| {
        with_stack(&tracker, async |stack| {
            for name in NAMES {
                let connection = props.open(name, refuses).await?;
                stack.push(connection.close());
            }
            props.work().await
        })
        .await
    };
    two_jobs(&props, &tracker, job).lane("program").await;
    Ok(())
}

async fn wrong(scene: Scene) -> Told {
    let (props, tracker) = (Props::new(&scene), TaskTracker::new());
    let job = async |refuses| {
        naive::with_stack(&tracker, async |stack| {
            for name in NAMES {
                let connection = props.open(name, refuses).await?;
                stack.push(connection.close());
            }
            props.work().await
        })
        .await
    };
    async {
        two_jobs(&props, &tracker, job).await;
        // The servers notice what they have lost.
        sleep(props.closes).await;
    }
    .lane("program")
    .await;
    Ok(())
}

/// A job to which the cache refuses itself, then one that has not enough time.
async fn two_jobs(props: &Props, tracker: &TaskTracker, job: impl AsyncFn(Option<&'static str>) -> Result<()>) {
    told("report", job(Some("cache")).try_lane("report").await);
    let ended = timeout(props.patience, job(None).try_lane("import")).await;
    tracker.close();
    tracker.wait().await;
    told("import", ended.unwrap_or_else(|_elapsed| Err("out of time".to_owned())));
}

fn told(job: &str, ended: Result<()>) {
    match ended {
        Ok(()) => info!("{job} done"),
        Err(error) => info!("{job} failed: {error}"),
    }
}

/// How long everything takes.
struct Props {
    patience: Duration,
    opens: Duration,
    works: Duration,
    closes: Duration,
}

impl Props {
    fn new(scene: &Scene) -> Self {
        let mut dice = scene.dice();
        let mut milliseconds = |low, high| Duration::from_millis(dice.pick(low, high));
        Self {
            patience: scene.milliseconds(&PATIENCE),
            opens: milliseconds(110, 130),
            works: milliseconds(700, 740),
            closes: milliseconds(140, 160),
        }
    }

    async fn open(&self, name: &'static str, refuses: Option<&str>) -> Result<Connection> {
        sleep(self.opens).await;
        if refuses == Some(name) {
            info!("{name} refuses");
            return Err(format!("no {name}"));
        }
        let (bye, told) = oneshot::channel();
        tokio::spawn(server(told, self.closes).try_lane(name));
        info!("{name} open");
        Ok(Connection { bye })
    }

    async fn work(&self) -> Result<()> {
        info!("working");
        sleep(self.works).await;
        info!("worked");
        Ok(())
    }
}

/// One end of a connection. The server is the other end.
struct Connection {
    bye: oneshot::Sender<oneshot::Sender<()>>,
}

impl Connection {
    /// Says goodbye, and waits for the server.
    async fn close(self) -> Result<()> {
        let (answers, answer) = oneshot::channel();
        let gone = |_| "the server is gone".to_owned();
        self.bye.send(answers).map_err(|_| "the server is gone".to_owned())?;
        answer.await.map_err(gone)
    }
}

/// Serves one client.
async fn server(told: oneshot::Receiver<oneshot::Sender<()>>, closes: Duration) -> Result<()> {
    let Ok(answers) = told.await else {
        info!("lost its client");
        return Err("not closed".to_owned());
    };
    info!("closing");
    sleep(closes).await;
    info!("closed");
    // If nobody waits for the answer, the connection is closed all the same.
    let _ = answers.send(());
    Ok(())
}
