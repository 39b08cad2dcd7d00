//! The story of three problems and their figures: `cargo run -p observability`, and `-- --help` for its flags.

use std::convert::Infallible;
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use std::time::Duration;

use futures::FutureExt;
use observability::{Lag, Report, Waits, naive, report, slow_polls, watch_lag};
use story::{Knob, Scene, Story, Told};
use timeline::{LaneExt, level};
use tokio::runtime::Handle;
use tokio::sync::Mutex;
use tokio::task::JoinSet;
use tokio::time::{Instant, advance, sleep, sleep_until};
use tracing::info;

const BLOCK: Knob = Knob::new("block", 200, 0..=300, "milliseconds for which the export keeps its thread");
const LEAKS: Knob = Knob::new("leaks", 8, 0..=1_000, "how many tasks the refresh leaves behind");

const PERIOD: Duration = ms(500);
const LOOK: Duration = ms(20);

/// A poll or a wait that takes longer than this is told.
const LONG: Duration = ms(100);

/// When each client asks the store, in milliseconds of each half second.
const CLIENTS: [(&str, [u64; 2]); 3] = [("ann", [60, 310]), ("bob", [110, 360]), ("cy", [160, 410])];

fn main() -> ExitCode {
    Story::new("observability", env!("CARGO_MANIFEST_DIR"))
        .about("A program with three problems: an export that blocks, a refresh that leaks tasks, a cleanup that keeps a lock.")
        .knobs(&[BLOCK, LEAKS])
        .naive(
            |_| "the export holds up ann, bob and the monitor, and still every report of the monitor says that nothing was late.",
            async |scene: Scene| tell(&scene, true).await,
        )
        .asyncio_naive(|_| "in asyncio, too, a monitor that pauses between its looks tells of no lag.")
        .asyncio(|_| "asyncio's figures show the same three problems.")
        .tell(
            |_| "the first report is calm. The second one shows the lag, the third one the tasks, and the fourth one who waits.",
            async |scene: Scene| tell(&scene, false).await,
        )
}

async fn tell(scene: &Scene, is_naive: bool) -> Told {
    let program = Arc::new(Program {
        store: Mutex::new(()),
        served: AtomicU64::new(0),
        waits: Waits::default(),
        begun: Instant::now(),
        others: Handle::current().metrics().num_alive_tasks(),
        block: scene.milliseconds(&BLOCK),
        leaks: scene.get(&LEAKS),
    });
    let mut tasks = JoinSet::new();
    if is_naive {
        tasks.spawn(Arc::clone(&program).monitor(async |lag| naive::watch_lag(LOOK, lag).await).lane("monitor"));
    } else {
        tasks.spawn(Arc::clone(&program).monitor(async |lag| watch_lag(LOOK, lag).await).lane("monitor"));
    }
    for (name, times) in CLIENTS {
        tasks.spawn(Arc::clone(&program).client(name, times).lane(name));
    }
    let export = Arc::clone(&program).export().lane("export");
    if is_naive {
        tasks.spawn(export);
    } else {
        tasks.spawn(slow_polls(export, LONG, |took| info!("slow poll of export: {} ms", took.as_millis())));
    }
    tasks.spawn(Arc::clone(&program).refresh().lane("refresh"));
    tasks.spawn(Arc::clone(&program).cleanup().lane("cleanup"));
    program.at(2_050).await;
    tasks.shutdown().await;
    Ok(())
}

struct Program {
    store: Mutex<()>,
    served: AtomicU64,
    waits: Waits,
    begun: Instant,
    /// The tasks that were there before.
    others: usize,
    block: Duration,
    leaks: u64,
}

impl Program {
    async fn at(&self, milliseconds: u64) {
        sleep_until(self.begun + ms(milliseconds)).await;
    }

    async fn monitor(self: Arc<Self>, looks: impl AsyncFn(&Lag) -> Infallible) {
        let lag = Lag::default();
        let tell = |report: Report| self.tell(&report);
        tokio::select! {
            biased;
            _ = looks(&lag) => {}
            _ = report(PERIOD, &lag, tell) => {}
        }
    }

    fn tell(&self, report: &Report) {
        let (median, worst) = (report.lag.percentile(50).as_millis(), report.lag.worst().as_millis());
        let alive = report.alive - self.others;
        let served = self.served.swap(0, Ordering::Relaxed);
        info!("lag {median} ms, at worst {worst} ms; {alive} tasks; served {served}");
        level("worst lag in ms", u64::try_from(worst).unwrap_or(u64::MAX), None);
        level("tasks", alive as u64, None);
        let stuck = self.waits.longer_than(LONG);
        if !stuck.is_empty() {
            let mut names: Vec<_> = stuck.iter().map(|wait| wait.who.as_str()).collect();
            names.sort_unstable();
            info!("who waits: {}", names.join(", "));
        }
    }

    /// Asks the store twice in each half second.
    async fn client(self: Arc<Self>, name: &str, times: [u64; 2]) {
        for period in 0.. {
            for time in times {
                self.at(500 * period + time).await;
                let _held = self.waits.list(name, "the store", self.store.lock()).await;
                sleep(ms(20)).await;
                self.served.fetch_add(1, Ordering::Relaxed);
            }
        }
    }

    /// The culprit.
    async fn export(self: Arc<Self>) {
        self.at(701).await;
        info!("blocks the thread");
        block(self.block);
        self.at(3_600_000).await;
    }

    /// The leak: each task waits for something that does not come, and nobody stops it.
    async fn refresh(self: Arc<Self>) {
        self.at(1_050).await;
        info!("starts {} tasks", self.leaks);
        for _ in 0..self.leaks {
            tokio::spawn(sleep(ms(3_600_000)));
        }
        self.at(3_600_000).await;
    }

    /// The stall: it keeps the lock while it waits.
    async fn cleanup(self: Arc<Self>) {
        self.at(1_530).await;
        let _held = self.store.lock().await;
        info!("has the lock, and waits for the archive");
        self.waits.list("cleanup", "the archive", sleep(ms(3_600_000))).await;
    }
}

/// Keeps the thread for so long, as real work would.
fn block(time: Duration) {
    let before = Instant::now();
    thread::sleep(ms(1));
    if before.elapsed() == Duration::ZERO {
        // The virtual clock stands still while a thread sleeps. The first poll of `advance` moves it, and then would only yield.
        _ = advance(time).now_or_never();
    } else {
        thread::sleep(time);
    }
}

const fn ms(milliseconds: u64) -> Duration {
    Duration::from_millis(milliseconds)
}
