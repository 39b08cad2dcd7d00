//! The story of two limits: `cargo run -p rate-limit`, and `-- --help` for its flags.

use std::collections::VecDeque;
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use futures::StreamExt;
use futures::stream::FuturesUnordered;
use rate_limit::{AdaptiveLimit, RateLimit, Refused, naive};
use story::{Knob, Scene, Story, Told};
use timeline::{LaneExt, Outcome, Recording, level};
use tokio::sync::Mutex;
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep, sleep_until};
use tracing::info;

const BURST: Knob = Knob::new("burst", 2, 1..=10, "how many calls may start at once after a pause");
const CLIENTS: Knob = Knob::new("clients", 12, 1..=50, "how many clients call the second backend, without a pause");

/// Three calls in 300 ms: ten a second.
const COUNT: u32 = 3;
const PER: Duration = Duration::from_millis(300);

/// Who comes when, in milliseconds. Fay does not wait in line.
const CALLERS: [(&str, u64); 6] = [("ann", 0), ("bob", 280), ("cy", 280), ("dee", 310), ("eve", 310), ("fay", 310)];

/// A call of the second backend should take no longer than this.
const TARGET: Duration = Duration::from_millis(68);
const MOST: usize = 16;

fn main() -> ExitCode {
    Story::new("rate-limit", env!("CARGO_MANIFEST_DIR"))
        .about("Ten calls a second to one backend; then a limit that adjusts itself to another one, which gets slow for a while.")
        .knobs(&[BURST, CLIENTS])
        .naive(
            |seen| if falls(seen) {
                "five calls start within 30 ms, and the backend refuses two. Later, the limit falls, and as many calls as before are under way."
            } else {
                "five calls start within 30 ms, and the backend refuses two."
            },
            async |scene: Scene| {
                let limit = naive::FixedWindow::new(COUNT, PER);
                let adaptive = naive::AdaptiveLimit::new(2, 1..=MOST, TARGET);
                tell(&scene, limit, adaptive).await;
                Ok(())
            },
        )
        .asyncio_naive(|_| "twenty requests a second are allowed. If you await each one, they are ten a second. If you collect them first, they all start at once.")
        .asyncio(look)
        .tell(look, right)
}

fn look(seen: &Recording) -> &'static str {
    if !falls(seen) {
        "so few clients call the second backend that it is never slow, and the limit does not fall."
    } else if is_spaced(seen) {
        "dee, eve and fay wait in line, and ask 100 ms apart. Later, the limit falls while the backend is slow, and rises again."
    } else if seen.ended(Outcome::Failed).is_empty() {
        "the burst lets dee start at once, and eve and fay wait. Later, the limit falls while the backend is slow, and rises again."
    } else {
        "the burst lets more calls start at once than the backend takes. Later, the limit falls while the backend is slow, and rises again."
    }
}

/// Whether dee, eve and fay start one interval apart.
fn is_spaced(seen: &Recording) -> bool {
    let start = |caller| seen.lane(caller)?.notes.iter().find(|note| note.text == "asks").map(|note| note.at);
    let starts = ["dee", "eve", "fay"].map(|caller| start(caller).unwrap_or_default());
    starts.windows(2).all(|pair| pair[0] + 90_000 <= pair[1])
}

/// Whether the limit fell while the backend was slow: its lane says the limit before that, after it, and at the end.
fn falls(seen: &Recording) -> bool {
    let notes = seen.lane("backend").map(|lane| lane.notes.as_slice()).unwrap_or_default();
    let limits = notes.iter().filter_map(|note| note.text.rsplit_once("limit is ")?.1.parse::<usize>().ok());
    limits.collect::<Vec<_>>().windows(2).any(|pair| pair[1] < pair[0])
}

async fn right(scene: Scene) -> Told {
    let limit = RateLimit::new(COUNT, PER, u32::try_from(scene.get(&BURST))?);
    let adaptive = AdaptiveLimit::new(2, 1..=MOST, TARGET);
    tell(&scene, limit, adaptive).await;
    Ok(())
}

async fn tell(scene: &Scene, limit: impl Starts, adaptive: impl Runs) {
    let backend = Backend::default();
    let mut dice = scene.dice();
    let callers = CALLERS.map(|(name, at)| {
        let takes = Duration::from_millis(dice.pick(120, 140));
        let (limit, backend) = (&limit, &backend);
        async move {
            sleep(Duration::from_millis(at)).await;
            _ = caller(limit, backend, takes, name != "fay").try_lane(name).await;
        }
    });
    callers.into_iter().collect::<FuturesUnordered<_>>().collect::<()>().await;

    sleep(Duration::from_millis(80)).await;
    let machine = Arc::new(Machine { capacity: AtomicU64::new(8), under_way: AtomicU64::new(0) });
    let adaptive = Arc::new(adaptive);
    // Dropped at the end, and the clients with it.
    let mut clients = JoinSet::new();
    for _ in 0..scene.get(&CLIENTS) {
        clients.spawn(client(Arc::clone(&adaptive), Arc::clone(&machine)));
    }
    weather(&*adaptive, &machine).lane("backend").await;
}

/// Asks the first backend once, and comes back once if the limit refuses it.
async fn caller(limit: &impl Starts, backend: &Backend, takes: Duration, waits: bool) -> Result<(), &'static str> {
    let patience = if waits { Duration::MAX } else { Duration::ZERO };
    if let Err(refused) = limit.start(patience).await {
        info!("{refused}");
        sleep(refused.retry_after).await;
        _ = limit.start(Duration::MAX).await;
    }
    info!("asks");
    let answer = backend.answer(takes).await;
    info!("{}", answer.map_or_else(|error| error, |()| "has its answer"));
    answer
}

/// Takes three calls in 100 ms, and refuses more.
#[derive(Default)]
struct Backend(Mutex<VecDeque<Instant>>);

impl Backend {
    async fn answer(&self, takes: Duration) -> Result<(), &'static str> {
        let now = Instant::now();
        {
            let mut calls = self.0.lock().await;
            calls.retain(|call| now - *call < Duration::from_millis(100));
            calls.push_back(now);
            if calls.len() > 3 {
                return Err("too many at once");
            }
        }
        sleep_until(now + takes).await;
        Ok(())
    }
}

/// The second backend: a call takes 40 ms, and longer if more are under way than it has room for.
struct Machine {
    capacity: AtomicU64,
    under_way: AtomicU64,
}

impl Machine {
    async fn work(&self) {
        let together = self.under_way.fetch_add(1, Ordering::Relaxed) + 1;
        level("under way", together, None);
        let capacity = self.capacity.load(Ordering::Relaxed);
        sleep(Duration::from_millis(40 * together.max(capacity) / capacity)).await;
        self.under_way.fetch_sub(1, Ordering::Relaxed);
    }
}

async fn client(limit: Arc<impl Runs>, machine: Arc<Machine>) {
    loop {
        limit.run(machine.work()).await;
        level("limit", limit.now() as u64, None);
    }
}

/// The second backend gets slow, and fast again.
async fn weather(limit: &impl Runs, machine: &Machine) {
    info!("the backend has room for 8");
    sleep(Duration::from_millis(650)).await;
    info!("it has room for 2, and the limit is {}", limit.now());
    machine.capacity.store(2, Ordering::Relaxed);
    sleep(Duration::from_millis(550)).await;
    info!("it has room for 8 again, and the limit is {}", limit.now());
    machine.capacity.store(8, Ordering::Relaxed);
    sleep(Duration::from_millis(450)).await;
    info!("the limit is {}", limit.now());
}

/// A limit of either kind, right or naive.
trait Starts {
    async fn start(&self, patience: Duration) -> Result<(), Refused>;
}

impl Starts for RateLimit {
    async fn start(&self, patience: Duration) -> Result<(), Refused> {
        self.acquire_within(patience).await
    }
}

impl Starts for naive::FixedWindow {
    async fn start(&self, patience: Duration) -> Result<(), Refused> {
        self.acquire_within(patience).await
    }
}

trait Runs: Send + Sync + 'static {
    fn run(&self, work: impl Future<Output = ()> + Send) -> impl Future<Output = ()> + Send;
    fn now(&self) -> usize;
}

impl Runs for AdaptiveLimit {
    async fn run(&self, work: impl Future<Output = ()> + Send) {
        self.run(work, |()| false).await;
    }

    fn now(&self) -> usize {
        self.limit()
    }
}

impl Runs for naive::AdaptiveLimit {
    async fn run(&self, work: impl Future<Output = ()> + Send) {
        self.run(work, |()| false).await;
    }

    fn now(&self) -> usize {
        self.limit()
    }
}
