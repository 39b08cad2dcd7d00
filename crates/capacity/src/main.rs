//! The story of a rush: `cargo run -p capacity`, and `-- --help` for its flags.

#![expect(clippy::cast_precision_loss, reason = "the numbers of a story are small")]

use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use capacity::{Fate, Load, Pool, Refused, Request, naive, percentile, requests, simulate};
use story::{Dice, Knob, Scene, Story, Told};
use timeline::{LaneExt, level};
use tokio::runtime::Builder;
use tokio::task::{JoinSet, spawn_blocking};
use tokio::time::{Instant, interval_at, sleep, sleep_until, timeout};
use tracing::instrument::WithSubscriber;
use tracing::subscriber::NoSubscriber;
use tracing::{Dispatch, info};

const RPS: Knob = Knob::new("rps", 100, 1..=1_000, "how many requests come in a second, outside of the rush");
const LATENCY: Knob =
    Knob::new("latency", 40, 4..=400, "how long a request keeps a worker busy on average, in milliseconds");
const WORKERS: Knob = Knob::new("workers", 5, 1..=500, "how many workers there are");
const QUEUE: Knob = Knob::new("queue", 8, 0..=1_000, "how many requests may wait; without --naive");

/// The clients with a lane of their own: whose request is the first at or after this time, in milliseconds.
const NAMES: [(&str, u64); 6] = [("ann", 200), ("bob", 660), ("cy", 826), ("dee", 910), ("eve", 1_060), ("fay", 1_260)];
/// In the rush, two and a half times as many requests come.
const RUSH: std::ops::Range<u64> = 500..900;
const END: u64 = 1_400;

/// How many numbers of workers the table has.
const ROWS: usize = 5;
const REQUESTS_OF_A_ROW: usize = 5_000;
/// The table's simulation is so many times slower, since Tokio's timers count whole milliseconds.
const SLOWER: u32 = 100;
/// The pools whose knees are drawn below each other, and the longest wait that is drawn, in times that a request takes.
const POOLS: [u32; 3] = [2, 10, 20];
const LONGEST: u64 = 15;

fn main() -> ExitCode {
    Story::new("capacity", env!("CARGO_MANIFEST_DIR"))
        .about("A service has a rush hour; then a table says how long requests wait with more workers.")
        .knobs(&[RPS, LATENCY, WORKERS, QUEUE])
        .naive(
            |_| "in the rush the queue grows, and after it the workers are busy with requests whose clients have left.",
            async |scene: Scene| {
                let pool = naive::Pool::new(usize::try_from(scene.get(&WORKERS))?);
                tell(&scene, Workers::Naive(pool)).await.map(drop)
            },
        )
        .asyncio(|_| "the same clients are answered and refused, and a simulation in Python has the same waits.")
        .asyncio_naive(|_| "the first client that gives up ends a worker, and soon no worker is left.")
        .tell(|_| LOOK, right)
}

const LOOK: &str = "in the rush the queue is full, and some clients are refused at once. The others have their answers in time. \
    At the end, `p99 in ms` falls with 4, 5, 6, ... workers. Below it, in service times: workers are busy for 50 % to 95 % of the time, and the fewer they are, the sooner the wait grows.";

async fn right(scene: Scene) -> Told {
    let [workers, queue] = [&WORKERS, &QUEUE].map(|knob| usize::try_from(scene.get(knob)).unwrap_or(usize::MAX));
    let (load, dice) = tell(&scene, Workers::Right(Pool::new(workers, queue))).await?;
    table(load, dice).await?;
    knee().await;
    Ok(())
}

/// Tells of the day, and returns what the table needs.
async fn tell(scene: &Scene, pool: Workers) -> Result<(Load, Dice), Box<dyn std::error::Error>> {
    let mut dice = scene.dice();
    let [rps, latency, workers] = [&RPS, &LATENCY, &WORKERS].map(|knob| scene.get(knob));
    let load = Load::new(u32::try_from(rps)?, Duration::from_millis(latency));
    info!("{rps} requests a second, {latency} ms each, keep {:.1} workers busy; there are {workers}", load.busy());
    let plan = plan(rps, latency, &mut dice);
    let (start, patience) = (Instant::now(), latency * 4 + 2);
    let service = Arc::new(Service { pool, start, patience, done: AtomicU64::new(0) });
    let ended = tokio::select! {
        ended = day(&service, plan) => ended,
        // It never ends, and no request ends at the instant of a look.
        () = service.show() => Vec::new(),
    };
    service.look();
    let [answered, refused, gave_up] = [Ok(()), Err(Unanswered::Refused), Err(Unanswered::GaveUp)]
        .map(|end| ended.iter().filter(|ended| **ended == end).count());
    let done = service.done.load(Ordering::Relaxed);
    info!("{answered} answered, {refused} refused, {gave_up} gave up; the workers did {done}");
    Ok((load, dice))
}

/// When each request comes, and how long it takes, in milliseconds.
fn plan(rps: u64, latency: u64, dice: &mut Dice) -> Vec<(u64, u64)> {
    let (mut at, mut plan) = (0.0, Vec::new());
    loop {
        let per_second = if RUSH.contains(&whole(at)) { rps * 5 / 2 } else { rps };
        at -= uniform(dice).ln() * 1_000.0 / per_second as f64;
        if whole(at) >= END {
            return plan;
        }
        // Requests come at multiples of 4 ms, and end 1 ms after one. Clients give up 2 ms, and the picture looks 3 ms after one.
        // So no two of these come at the same instant.
        plan.push((whole(at) / 4 * 4, dice.pick(latency / 2, latency * 3 / 2)));
    }
}

/// Above 0, and at most 1.
fn uniform(dice: &mut Dice) -> f64 {
    const STEPS: u64 = 1 << 53;
    dice.pick(1, STEPS) as f64 / STEPS as f64
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a time of the story")]
fn whole(milliseconds: f64) -> u64 {
    milliseconds as u64
}

async fn day(service: &Arc<Service>, plan: Vec<(u64, u64)>) -> Vec<Result<(), Unanswered>> {
    let (mut names, mut requests, mut rush) = (NAMES.into_iter().peekable(), JoinSet::new(), false);
    // The clients without a lane tell nothing.
    let quiet = Dispatch::new(NoSubscriber::new());
    for (at, takes) in plan {
        sleep_until(service.start + Duration::from_millis(at)).await;
        if rush != RUSH.contains(&at) {
            rush = !rush;
            info!("{}", if rush { "the rush begins" } else { "the rush is over" });
        }
        let request = Arc::clone(service).request(takes);
        match names.next_if(|(_, from)| at >= *from) {
            Some((name, _)) => drop(requests.spawn(request.try_lane(name))),
            None => drop(requests.spawn(request.with_subscriber(quiet.clone()))),
        }
    }
    requests.join_all().await
}

struct Service {
    pool: Workers,
    start: Instant,
    /// How long a client waits for its answer, in milliseconds.
    patience: u64,
    /// How many requests the workers did.
    done: AtomicU64,
}

#[derive(PartialEq)]
enum Unanswered {
    Refused,
    GaveUp,
}

impl Service {
    async fn request(self: Arc<Self>, takes: u64) -> Result<(), Unanswered> {
        let (service, came) = (Arc::clone(&self), Instant::now());
        let work = async move {
            let now = u64::try_from(service.start.elapsed().as_millis()).unwrap_or(u64::MAX);
            let end = (now + takes + 1) / 4 * 4 + 1;
            sleep_until(service.start + Duration::from_millis(end)).await;
            service.done.fetch_add(1, Ordering::Relaxed);
        };
        match timeout(Duration::from_millis(self.patience), self.pool.run(work)).await {
            Ok(Ok(())) => {
                info!("has its answer after {} ms", came.elapsed().as_millis());
                Ok(())
            }
            Ok(Err(Refused)) => {
                info!("is refused at once");
                Err(Unanswered::Refused)
            }
            Err(_elapsed) => {
                info!("gives up after {} ms", self.patience);
                Err(Unanswered::GaveUp)
            }
        }
    }

    /// Shows the queue and the workers, as levels of the picture.
    async fn show(&self) {
        let mut looks = interval_at(self.start + Duration::from_millis(3), Duration::from_millis(8));
        loop {
            looks.tick().await;
            self.look();
        }
    }

    fn look(&self) {
        let [waiting, busy] = self.pool.now();
        level("queue", waiting as u64, None);
        level("busy", busy as u64, None);
    }
}

/// How long requests wait with more workers: by a simulation, and by the formula.
async fn table(load: Load, mut dice: Dice) -> Told {
    let least = usize::try_from(whole(load.busy().ceil()))?.max(1);
    for workers in least..least + ROWS {
        sleep(Duration::from_millis(60)).await;
        // The simulation has a clock of its own, and keeps a thread busy.
        let (simulated, turned) = spawn_blocking(move || simulated(load, workers, dice)).await??;
        dice = turned;
        let percent = load.busy() / workers as f64 * 100.0;
        let simulated = simulated.as_secs_f64() * 1_000.0 / f64::from(SLOWER);
        let most = u64::try_from(load.takes().as_millis())? * 5;
        level("p99 in ms", whole(simulated).min(most), most);
        let text = format!("{workers} workers: {percent:.0} % busy");
        if let Some(wait) = load.wait(workers, 0.99) {
            let formula = wait.as_secs_f64() * 1_000.0;
            info!("{text}, p99 wait {simulated:.0} ms, formula {formula:.0} ms");
        } else {
            info!("{text}, the queue grows and grows");
        }
    }
    sleep(Duration::from_millis(60)).await;
    Ok(())
}

/// How long requests wait in small and large pools whose workers are equally busy, by the formula.
async fn knee() {
    let [two, ten, twenty] = POOLS.map(|workers| services(workers, 250.0 / 3.0));
    info!("83 % busy: p99 wait {two:.1} service times with 2 workers, {ten:.1} with 10, {twenty:.1} with 20");
    for percent in (50..=95).step_by(5) {
        for workers in POOLS {
            let wait = services(workers, f64::from(percent)).round();
            level(format!("p99, {workers} workers"), whole(wait).min(LONGEST), LONGEST);
        }
        sleep(Duration::from_millis(60)).await;
    }
}

/// The p99 wait, in times that a request takes, if each of these workers is busy for so many percent of the time.
fn services(workers: u32, percent: f64) -> f64 {
    let load = Load::new(workers, Duration::from_secs_f64(percent / 100.0));
    let wait = load.wait(usize::try_from(workers).unwrap_or(usize::MAX), 0.99).unwrap_or(Duration::MAX);
    wait.div_duration_f64(load.takes())
}

fn simulated(load: Load, workers: usize, mut dice: Dice) -> std::io::Result<(Duration, Dice)> {
    let runtime = Builder::new_current_thread().enable_time().start_paused(true).build()?;
    let rounded = |time: Duration| Duration::from_millis(whole(time.as_secs_f64() * 1_000.0));
    let requests: Vec<_> = requests(load.gap() * SLOWER, load.takes() * SLOWER, || uniform(&mut dice))
        .map(|Request { at, takes }| Request { at: rounded(at), takes: rounded(takes) })
        .take(REQUESTS_OF_A_ROW)
        .collect();
    let pool = Arc::new(Pool::new(workers, usize::MAX));
    let fates = runtime.block_on(simulate(&pool, requests, Duration::MAX));
    Ok((percentile(fates.into_iter().filter_map(Fate::waited), 0.99), dice))
}

/// A pool of either kind.
enum Workers {
    Right(Pool),
    Naive(naive::Pool),
}

impl Workers {
    async fn run(&self, work: impl Future<Output = ()> + Send + 'static) -> Result<(), Refused> {
        match self {
            Self::Right(pool) => pool.run(work).await,
            Self::Naive(pool) => pool.run(work).await,
        }
    }

    /// How many requests wait, and how many workers are busy.
    fn now(&self) -> [usize; 2] {
        match self {
            Self::Right(pool) => [pool.waiting(), pool.busy()],
            Self::Naive(pool) => [pool.waiting(), pool.busy()],
        }
    }
}
