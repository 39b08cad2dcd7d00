//! The story of graceful shutdown: `cargo run -p graceful-shutdown`, and `-- --help` for its flags.

use std::future::pending;
use std::process::ExitCode;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use graceful_shutdown::{Signal, Work, naive, unless_again};
use story::{Knob, Scene, Story, Told};
use timeline::{LaneExt, Recording, level};
use tokio::sync::mpsc;
use tokio::time::{Instant, sleep, sleep_until, timeout_at};
use tracing::info;

const GRACE: Knob = Knob::new("grace", 1_000, 1..=60_000, "milliseconds that the requests have to finish in");

/// Who comes, at which millisecond.
const GUESTS: [(&str, u64); 5] = [("ann", 100), ("bob", 200), ("cy", 300), ("dee", 450), ("eve", 640)];

/// The service manager sends SIGTERM at these milliseconds, and then kills.
const SIGNALS: [u64; 2] = [400, 2_300];
const KILLED: u64 = 2_500;

/// For so long the load balancer may not know that the server is not ready.
const NOTICE: Duration = Duration::from_millis(180);

fn main() -> ExitCode {
    Story::new("graceful-shutdown", env!("CARGO_MANIFEST_DIR"))
        .about("A server is told to end while it answers its guests. One of them never finishes.")
        .knobs(&[GRACE])
        .naive(
            |_| "the journal is written before the guests are done, eve comes in after the signal, and only a kill ends the server.",
            wrong,
        )
        .asyncio(look)
        .asyncio_naive(|_| "the second signal is an `InvalidStateError` that is only logged, and the server waits for cy until it is killed.")
        .tell(look, right)
}

fn look(seen: &Recording) -> &'static str {
    if seen.lane("journal").is_none() {
        "cy still holds up the server; the second signal ends it at once, and the journal is not written."
    } else if seen.lane("mail").is_none() {
        "the grace is short: bob is aborted with cy; the journal is written last."
    } else {
        "dee still comes in, eve does not; cy is aborted when the grace is over; the mail is awaited, and the journal is written last."
    }
}

async fn right(scene: Scene) -> Told {
    let (props, work) = (Props::new(&scene), Work::new());
    let (send, requests) = mpsc::channel(8);
    let server = async {
        work.spawn(take(props.clone(), work.clone(), requests));
        props.signal(0).await;
        info!("SIGTERM: not ready any more");
        let ending = async {
            let closed = async {
                work.stopping().cancelled().await;
                info!("takes nothing new");
            };
            let (aborted, ()) = tokio::join!(work.drain(NOTICE, props.grace), closed);
            info!("{aborted} aborted");
            props.write_the_journal().lane("journal").await;
            aborted
        };
        match unless_again(ending, props.signal(1)).await {
            Ok(aborted) => info!("exit code {}", u8::from(aborted > 0)),
            Err(signal) => info!("SIGTERM again: exit code {}", signal.exit_code()),
        }
    };
    tokio::join!(server.lane("server"), props.balance(|| work.is_ready(), send).lane("balancer"));
    Ok(())
}

async fn take(props: Props, work: Work, requests: mpsc::Receiver<&'static str>) {
    let later = work.clone();
    work.take(requests, |name| props.clone().answer(name, later.clone()).lane(name)).await;
}

async fn wrong(scene: Scene) -> Told {
    let (props, work) = (Props::new(&scene), naive::Work::new());
    let (send, requests) = mpsc::channel(8);
    let server = async {
        let (taking, answering) = (work.clone(), props.clone());
        let take = async move {
            taking.take(requests, |name| answering.clone().answer(name, taking.clone()).lane(name)).await;
        };
        work.spawn(take);
        props.signal(0).await;
        info!("SIGTERM");
        let ending = async {
            props.write_the_journal().lane("journal").await;
            work.drain(NOTICE, props.grace).await;
        };
        _ = naive::unless_again(ending, props.signal(1)).await;
    };
    let (server, balancer) = (server.lane("server"), props.balance(|| work.is_ready(), send).lane("balancer"));
    let process = async { tokio::join!(server, balancer) };
    if timeout_at(props.at(KILLED), process).await.is_err() {
        info!("killed, and {} lines of the journal with it", props.journal().len());
    }
    Ok(())
}

/// Starts what a request leaves behind.
trait Later: Send + 'static {
    fn spawn(&self, future: impl Future<Output = ()> + Send + 'static);
}

impl Later for Work {
    fn spawn(&self, future: impl Future<Output = ()> + Send + 'static) {
        _ = Work::spawn(self, future);
    }
}

impl Later for naive::Work {
    fn spawn(&self, future: impl Future<Output = ()> + Send + 'static) {
        _ = naive::Work::spawn(self, future);
    }
}

/// What everybody in the story knows.
#[derive(Clone)]
struct Props {
    start: Instant,
    grace: Duration,
    /// How long the answers take, in the order of the guests.
    takes: [Duration; 5],
    under_way: Arc<AtomicU64>,
    /// The lines that are not written yet.
    journal: Arc<Mutex<Vec<&'static str>>>,
}

impl Props {
    fn new(scene: &Scene) -> Self {
        let mut dice = scene.dice();
        let takes = [(440, 480), (740, 790), (1, 1), (250, 300), (210, 240)];
        Self {
            start: Instant::now(),
            grace: scene.milliseconds(&GRACE),
            takes: takes.map(|(low, high)| Duration::from_millis(dice.pick(low, high))),
            under_way: Arc::default(),
            journal: Arc::default(),
        }
    }

    fn at(&self, millisecond: u64) -> Instant {
        self.start + Duration::from_millis(millisecond)
    }

    /// The first or the second signal of the service manager.
    async fn signal(&self, number: usize) -> Signal {
        sleep_until(self.at(SIGNALS[number])).await;
        Signal::Terminate
    }

    /// The load balancer: it sends each guest to the server as long as it believes that the server is ready. It asks every 150 ms.
    async fn balance(&self, is_ready: impl Fn() -> bool, server: mpsc::Sender<&'static str>) {
        let (mut ready, mut looks) = (true, 30);
        for (name, at) in GUESTS {
            while looks < at {
                sleep_until(self.at(looks)).await;
                if ready && !is_ready() {
                    info!("the server is not ready");
                }
                ready = is_ready();
                looks += 150;
            }
            sleep_until(self.at(at)).await;
            if !ready || server.send(name).await.is_err() {
                info!("{name} goes to another server");
            }
        }
    }

    /// Answers a guest. Cy's answer never comes. Bob gets a mail later.
    async fn answer(self, name: &'static str, later: impl Later) {
        let _here = UnderWay::new(&self.under_way);
        if name == "cy" {
            return pending().await;
        }
        let number = GUESTS.iter().position(|guest| guest.0 == name).unwrap_or_default();
        sleep(self.takes[number]).await;
        info!("answered");
        self.journal().push(name);
        if name == "bob" {
            later.spawn(self.mail().lane("mail"));
        }
    }

    fn mail(&self) -> impl Future<Output = ()> + Send + use<> {
        let takes = self.takes[3];
        async move {
            sleep(takes + Duration::from_millis(80)).await;
            info!("sent");
        }
    }

    /// Writes the lines that are there. It takes 120 ms.
    async fn write_the_journal(&self) {
        let lines = std::mem::take(&mut *self.journal());
        sleep(Duration::from_millis(120)).await;
        info!("{} lines written", lines.len());
    }

    fn journal(&self) -> impl std::ops::DerefMut<Target = Vec<&'static str>> {
        self.journal.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A request under way, until this is dropped: a level of the picture.
struct UnderWay(Arc<AtomicU64>);

impl UnderWay {
    fn new(count: &Arc<AtomicU64>) -> Self {
        level("under way", count.fetch_add(1, Ordering::Relaxed) + 1, 4);
        Self(Arc::clone(count))
    }
}

impl Drop for UnderWay {
    fn drop(&mut self) {
        level("under way", self.0.fetch_sub(1, Ordering::Relaxed) - 1, 4);
    }
}
