//! The story of executor-offload: `cargo run -p executor-offload`, and `-- --help` for its flags.

use std::env;
use std::process::{ExitCode, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use std::time::Duration;

use executor_offload::{Limited, REQUEST, WorkError, child, naive, with_context};
use executor_offload::{
    in_child, on_blocking_pool, on_own_thread, on_rayon, sum_of_squares, sum_of_squares_in_parallel,
};
use story::{Knob, Scene, Story, Told};
use timeline::{LaneExt, lane_blocking};
use tokio::process::Command;
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};
use tracing::info;

const BELOW: Knob = Knob::new("below", 10_000_000, 1..=200_000_000, "below which the squares are added up");
const LIMIT: Knob = Knob::new("limit", 1, 1..=3, "how many places there are for the work of the three callers");
const BEAT: Knob = Knob::new("beat", 20, 10..=1_000, "milliseconds between two beats, five times as many in asyncio");

/// How long the work of a caller takes, and how long the caller waits for it.
const WORK: Duration = Duration::from_millis(800);
const PATIENCE: Duration = Duration::from_millis(150);

fn main() -> ExitCode {
    match child::run(env::args_os().skip(1).filter_map(|word| word.into_string().ok())) {
        Ok(false) => {}
        Ok(true) => return ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            return ExitCode::FAILURE;
        }
    }
    Story::new("executor-offload", env!("CARGO_MANIFEST_DIR"))
        .about("Squares added up in five places, beside a heart that should beat; then callers that give up.")
        .knobs(&[BELOW, LIMIT, BEAT])
        .needs_the_real_clock("threads and processes cannot see the virtual clock")
        .naive(|_| "while an async fn computes, the heart does not beat; and all work outlives its caller, so the limit does not hold.", wrong)
        .asyncio(|_| "a caller that gives up releases its place while its work still runs, so the jobs overlap.")
        .tell(
            |seen| if seen.never_started().is_empty() {
                "the inline sum keeps the heart's thread, the others do not; all work gets a place."
            } else {
                "the inline sum keeps the heart's thread, the others do not; and work that gets no place never starts."
            },
            right,
        )
}

async fn right(scene: Scene) -> Told {
    let (heart, mut beating) = Heart::start(&scene);
    in_five_places(&scene, &heart).await?;
    for_a_request().await?;
    under_a_limit(&scene).await?;
    beating.shutdown().await;
    Ok(())
}

async fn wrong(scene: Scene) -> Told {
    let (heart, mut beating) = Heart::start(&scene);
    in_an_async_fn(&scene, &heart).await?;
    under_no_limit(&scene).await?;
    beating.shutdown().await;
    Ok(())
}

async fn in_five_places(scene: &Scene, heart: &Heart) -> Told {
    let below = scene.get(&BELOW);
    info!("adding up the squares below {below}, in five places");
    async { heart.beside(|| sum_of_squares(0..below)) }.lane("inline").await;

    let one_core = || elsewhere(heart, move || sum_of_squares(0..below));
    let all_cores = elsewhere(heart, move || sum_of_squares_in_parallel(0..below));
    on_blocking_pool(lane_blocking("pool", one_core())).await?;
    on_rayon(lane_blocking("cores", all_cores)).await?;
    on_own_thread("sum", lane_blocking("thread", one_core())).await?;
    in_a_child(below, heart).try_lane("child").await?;

    let crashed = in_child(this_program()?.arg("crash")).try_lane("crash").await.is_err();
    info!("the child {}", if crashed { "crashed, and we did not" } else { "did not crash" });
    Ok(())
}

/// Work for another thread, which ends only after two beats of the heart: a quick machine sees them too.
fn elsewhere<W: FnOnce() -> u128>(heart: &Heart, work: W) -> impl FnOnce() + use<W> {
    let heart = heart.clone();
    move || {
        heart.beside(|| {
            let (beats, sum) = (heart.beats(), work());
            while heart.beats() < beats + 2 {
                thread::sleep(Duration::from_millis(10));
            }
            sum
        });
    }
}

/// The child prints the sum and waits for the end of its input, which comes after two beats.
async fn in_a_child(below: u64, heart: &Heart) -> Told {
    let (input, hold) = std::io::pipe()?;
    let beats = heart.beats();
    let two_beats = async {
        while heart.beats() < beats + 2 {
            sleep(Duration::from_millis(10)).await;
        }
        drop(hold);
    };
    let mut command = this_program()?;
    command.args(["sum", &below.to_string()]).stdin(Stdio::from(input));
    let (sum, ()) = tokio::join!(in_child(&mut command), two_beats);
    heart.say(sum?.trim(), beats);
    Ok(())
}

/// This program, as a child.
fn this_program() -> std::io::Result<Command> {
    let mut command = Command::new(env::current_exe()?);
    command.arg(child::CHILD_FLAG);
    Ok(command)
}

async fn for_a_request() -> Told {
    let see = || REQUEST.try_get().ok();
    let request = async {
        says("spawn_blocking", on_blocking_pool(see).await?);
        says("with_context", with_context(see).await?);
        says("spawn", tokio::spawn(async move { see() }).await?);
        Ok(())
    };
    info!("serving request 7");
    REQUEST.scope(7, request).await
}

fn says(who: &str, request: Option<u64>) {
    info!("{who} sees {}", request.map_or("no request".to_owned(), |number| format!("request {number}")));
}

async fn under_a_limit(scene: &Scene) -> Told {
    let limited = Limited::new(u32::try_from(scene.get(&LIMIT))?);
    ask_and_give_up(scene, |work| limited.run(work)).await;
    limited.shut_down().await;
    info!("all work has ended");
    Ok(())
}

async fn in_an_async_fn(scene: &Scene, heart: &Heart) -> Told {
    let below = scene.get(&BELOW);
    info!("adding up the squares below {below}, in an async fn");
    let heart = heart.clone();
    let work = move || heart.beside(|| sum_of_squares(0..below));
    naive::on_blocking_pool(work).try_lane("async fn").await?;
    Ok(())
}

async fn under_no_limit(scene: &Scene) -> Told {
    let limited = naive::Limited::new(u32::try_from(scene.get(&LIMIT))?);
    ask_and_give_up(scene, |work| limited.run(work)).await;
    // The callers are gone, so no code can await their work.
    sleep(2 * WORK).await;
    info!("all work has ended");
    Ok(())
}

type Work = Box<dyn FnOnce() + Send>;

/// Three callers, each of which waits for its work for a while.
async fn ask_and_give_up(scene: &Scene, run: impl AsyncFn(Work) -> Result<(), WorkError>) {
    info!("{} at once, and three callers that give up", scene.get(&LIMIT));
    for number in 1..=3 {
        let caller = async {
            let work = lane_blocking(format!("work {number}"), || thread::sleep(WORK));
            run(Box::new(work)).await
        };
        let answer = timeout(PATIENCE, caller.try_lane(format!("caller {number}"))).await;
        info!("caller {number} {}", if answer.is_ok() { "has its answer" } else { "gives up" });
    }
}

/// Beats on the runtime's thread, for as long as nobody else keeps it.
#[derive(Clone, Default)]
struct Heart(Arc<AtomicU64>);

impl Heart {
    /// A heart, and the owner of the task that beats it.
    fn start(scene: &Scene) -> (Self, JoinSet<()>) {
        let (heart, pause) = (Self::default(), scene.milliseconds(&BEAT));
        let beating = heart.clone();
        let beat = async move {
            loop {
                sleep(pause).await;
                beating.0.fetch_add(1, Ordering::Relaxed);
            }
        };
        let mut owner = JoinSet::new();
        owner.spawn(beat.lane("heart"));
        (heart, owner)
    }

    fn beats(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }

    /// Does some work, and says whether the heart went on meanwhile.
    fn beside(&self, work: impl FnOnce() -> u128) {
        let beats = self.beats();
        let sum = work();
        self.say(&sum.to_string(), beats);
    }

    fn say(&self, sum: &str, beats_before: u64) {
        let heart = if self.beats() > beats_before { "went on" } else { "stood still" };
        info!("{sum}, and the heart {heart}");
    }
}
