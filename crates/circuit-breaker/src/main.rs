//! The story of a backend that is down for a second: `cargo run -p circuit-breaker`, and `-- --help` for its flags.

use std::mem;
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use circuit_breaker::{Breaker, Failed, Policy, State, naive};
use story::{Knob, Scene, Story, Told};
use timeline::{LaneExt, Recording, hold, level};
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep};
use tracing::info;

const FAILURES: Knob =
    Knob::new("failures", 3, 1..=1_000, "failures in a row that open the circuit; 1000 for no breaker");
const PAUSE: Knob =
    Knob::new("pause", 420, 50..=10_000, "milliseconds until a probe may ask whether the backend is up");

/// The callers: when each comes, and how long it waits between two calls, in milliseconds.
const CALLERS: [(&str, u64, u64); 4] = [("ann", 0, 117), ("bob", 31, 131), ("cy", 67, 143), ("dee", 103, 157)];

/// Since the start, in milliseconds: the backend goes down, it is up again, and the callers make no more calls.
const DOWN: u64 = 241;
const UP: u64 = 1_259;
const END: u64 = 2_201;

/// So many milliseconds pass until a caller knows that the backend is down.
const NO_ANSWER: u64 = 250;

fn main() -> ExitCode {
    Story::new("circuit-breaker", env!("CARGO_MANIFEST_DIR"))
        .about("A backend is down for a second, and four callers do not stop calling it.")
        .knobs(&[FAILURES, PAUSE])
        .naive(naive_look, async |scene| tell(&scene, true).await)
        .asyncio(|seen| {
            if never_opens(seen) {
                NEVER_OPENS
            } else {
                "in asyncio, too, one caller asks the backend after each pause."
            }
        })
        .asyncio_naive(|seen| {
            if never_opens(seen) {
                NEVER_OPENS
            } else {
                "in asyncio, too, everybody who comes calls the backend while the circuit is half-open."
            }
        })
        .tell(look, async |scene| tell(&scene, false).await)
}

fn look(seen: &Recording) -> &'static str {
    if never_opens(seen) {
        return NEVER_OPENS;
    }
    "while the circuit is open, callers are refused at once. After each pause it is half-open: one caller asks the backend, and the others are still refused."
}

fn naive_look(seen: &Recording) -> &'static str {
    if never_opens(seen) {
        return NEVER_OPENS;
    }
    "while the circuit is half-open, everybody who comes calls the backend, and waits for the same error."
}

const NEVER_OPENS: &str =
    "the circuit never opens: until the backend is up again, each caller waits for one error after another.";

fn never_opens(seen: &Recording) -> bool {
    seen.lane("circuit").is_none_or(|lane| lane.notes.is_empty())
}

async fn tell(scene: &Scene, naive: bool) -> Told {
    let failures = scene.get(&FAILURES).try_into().unwrap_or(usize::MAX);
    let breaker = Arc::new(Breaker::new(Policy::in_a_row(failures, scene.milliseconds(&PAUSE))));
    let backend = Arc::new(Backend::new(scene));
    let mut tasks = JoinSet::new();
    tasks.spawn(circuit(breaker.watch()).lane("circuit"));
    tasks.spawn(outage());
    for (name, first, pause) in CALLERS {
        let caller = Caller { breaker: Arc::clone(&breaker), backend: Arc::clone(&backend), naive };
        tasks.spawn(caller.calls(Duration::from_millis(first), Duration::from_millis(pause)).lane(name));
    }
    // When the last caller has dropped the breaker, the circuit's lane ends.
    drop(breaker);
    while let Some(ended) = tasks.join_next().await {
        ended?;
    }
    let (made, in_vain) = (backend.made.load(Ordering::Relaxed), backend.in_vain.load(Ordering::Relaxed));
    info!("{in_vain} of {made} calls waited for a backend that was down");
    Ok(())
}

/// Tells and draws each change of the circuit.
async fn circuit(mut states: watch::Receiver<State>) {
    draw(State::Closed);
    while states.changed().await.is_ok() {
        let state = *states.borrow_and_update();
        draw(state);
        match state {
            State::Closed => info!("closed"),
            State::HalfOpen => info!("half-open"),
            State::Open => info!("open"),
        }
    }
}

fn draw(state: State) {
    level("open", u64::from(state == State::Open), 1);
    level("half-open", u64::from(state == State::HalfOpen), 1);
}

/// Answers quickly, and not at all while it is down.
struct Backend {
    start: Instant,
    takes: Duration,
    /// How many calls there were, with those that the breaker refused, and how many of them waited for nothing.
    made: AtomicU64,
    in_vain: AtomicU64,
}

/// The caller has waited long enough.
struct Down;

impl Backend {
    fn new(scene: &Scene) -> Self {
        let takes = Duration::from_millis(scene.dice().pick(40, 60));
        Self { start: Instant::now(), takes, made: AtomicU64::new(0), in_vain: AtomicU64::new(0) }
    }

    fn has_reached(&self, milliseconds: u64) -> bool {
        self.start.elapsed() >= Duration::from_millis(milliseconds)
    }

    async fn ask(&self) -> Result<(), Down> {
        let _visit = hold("calls", CALLERS.len() as u64);
        if self.has_reached(DOWN) && !self.has_reached(UP) {
            self.in_vain.fetch_add(1, Ordering::Relaxed);
            return no_answer().try_lane("call").await;
        }
        sleep(self.takes).await;
        Ok(())
    }
}

/// What a call to a backend that is down comes to.
async fn no_answer() -> Result<(), Down> {
    sleep(Duration::from_millis(NO_ANSWER)).await;
    Err(Down)
}

/// Tells and draws when the backend is down.
async fn outage() {
    sleep(Duration::from_millis(DOWN)).await;
    let down = async {
        info!("the backend is down");
        sleep(Duration::from_millis(UP - DOWN)).await;
        info!("the backend is up again");
    };
    down.lane("outage").await;
}

struct Caller {
    breaker: Arc<Breaker>,
    backend: Arc<Backend>,
    naive: bool,
}

impl Caller {
    /// Calls again and again, and tells when what it gets is not what it got before.
    async fn calls(self, first: Duration, pause: Duration) {
        let mut before = "";
        let mut is_new = |now| mem::replace(&mut before, now) != now;
        sleep(first).await;
        while !self.backend.has_reached(END) {
            self.backend.made.fetch_add(1, Ordering::Relaxed);
            match self.call().await {
                Ok(()) if is_new("answered") => info!("answered"),
                Err(Failed::Backend(Down)) if is_new("timed out") => info!("timed out"),
                Err(Failed::Refused(_)) if is_new("refused") => info!("refused"),
                _ => {}
            }
            sleep(pause).await;
        }
    }

    async fn call(&self) -> Result<(), Failed<Down>> {
        if self.naive {
            naive::call(&self.breaker, self.backend.ask()).await
        } else {
            self.breaker.call(self.backend.ask()).await
        }
    }
}
