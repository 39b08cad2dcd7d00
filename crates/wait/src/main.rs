//! The story of wait: `cargo run -p wait`, and `-- --help` for its flags.

use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use story::{Dice, Knob, Scene, Story, Told};
use timeline::LaneExt;
use tokio::sync::Mutex;
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};
use tracing::info;
use wait::ReturnWhen::{AllCompleted, FirstCompleted};
use wait::{Ended, hedged, naive, wait, with_notice};

const LIMIT: Knob = Knob::new("limit", 600, 1..=60_000, "milliseconds that the dashboard waits after the first answer");
const PATIENCE: Knob =
    Knob::new("patience", 250, 1..=60_000, "milliseconds until the next replica is asked, and until the notice");
const NORTH: Knob = Knob::new("north", 900, 1..=60_000, "milliseconds that the first replica takes");

/// How long the naive story waits in its deadlock.
const DEADLOCK: Duration = Duration::from_secs(1);

fn main() -> ExitCode {
    Story::new("wait", env!("CARGO_MANIFEST_DIR"))
        .about("Some of several: the answers that come in time, the first good one, and work that goes on meanwhile.")
        .knobs(&[LIMIT, PATIENCE, NORTH])
        .naive(
            |seen| if seen.cancelled().contains(&"prices") {
                "the timeout cancels the tasks that it waits for. A failure is taken for the answer. And notice waits for a lock of save, which nothing polls."
            } else {
                "a failure is taken for the answer. If notice comes before save is done, it waits for a lock of save, which nothing polls."
            },
            |scene| tell(scene, true),
        )
        .asyncio_naive(|_| "a failure is taken for the answer here, too. But the tasks survive the timeout, and save ends.")
        .asyncio(|_| "asyncio cancels no service when the dashboard is done, and the errand runs before the zero timeout ends.")
        .tell(
            |seen| if seen.cancelled().contains(&"ads") {
                "a service goes on after the time limit, and is cancelled when the dashboard is done. save goes on beside its notice."
            } else {
                "every service answers in time. save goes on beside its notice."
            },
            |scene| tell(scene, false),
        )
}

async fn tell(scene: Scene, naive: bool) -> Told {
    let mut dice = scene.dice();
    dashboard(&scene, &mut dice, naive).lane("dashboard").await;
    search(&scene, &mut dice, naive).lane("hedged").await;

    info!("saving, with a notice if it takes long");
    let saving = saving(&scene, &mut dice, naive).lane("with_notice");
    if !naive {
        saving.await;
        corners().lane("corners").await;
    } else if timeout(DEADLOCK, tokio::spawn(saving)).await.is_err() {
        info!("stuck: nobody polls save, and notice needs its lock");
    }
    Ok(())
}

/// The answers of four services: the first one, then those in time, then one more.
async fn dashboard(scene: &Scene, dice: &mut Dice, naive: bool) {
    let services = [("weather", 300), ("news", 600), ("prices", 1_150), ("ads", 2_000)];
    info!("asking {} services", services.len());
    let ask = |(name, delay)| ask(name, delay + dice.pick(0, 40), name == "news");
    let mut tasks: JoinSet<_> = services.map(ask).into_iter().collect();
    let mut done = Vec::new();

    wait(&mut tasks, &mut done, FirstCompleted).await;
    info!("first completed: {}", state(&done, &tasks));

    let limit = scene.milliseconds(&LIMIT);
    let in_time = if naive {
        timeout(limit, naive::wait(&mut tasks, &mut done, AllCompleted)).await.is_ok()
    } else {
        timeout(limit, wait(&mut tasks, &mut done, AllCompleted)).await.is_ok()
    };
    info!("{}: {}", if in_time { "all in time" } else { "time is up" }, state(&done, &tasks));

    wait(&mut tasks, &mut done, FirstCompleted).await;
    info!("waited again: {}", state(&done, &tasks));
    // The set is dropped here, and aborts the pending tasks.
}

/// The first good answer of three replicas.
async fn search(scene: &Scene, dice: &mut Dice, naive: bool) {
    info!("asking replicas until one answers");
    let replicas = [("north", scene.get(&NORTH)), ("east", 80), ("south", 120)];
    let replicas = replicas.map(|(name, delay)| (name, delay + dice.pick(0, 40)));
    let asked = replicas.into_iter().map(|(name, delay)| ask(name, delay, name == "east"));
    let patience = scene.milliseconds(&PATIENCE);
    let answer = if naive { naive::hedged(asked, patience).await } else { hedged(asked, patience).await };
    match answer {
        Ok(name) => info!("found by {name}"),
        Err(errors) => info!("not found: {}", errors.join(", ")),
    }
}

/// A save that holds a lock, and a notice that needs the same lock.
fn saving(scene: &Scene, dice: &mut Dice, naive: bool) -> impl Future<Output = ()> + Send + use<> {
    let patience = scene.milliseconds(&PATIENCE);
    let takes = Duration::from_millis(600 + dice.pick(0, 40));
    async move {
        let journal = Arc::new(Mutex::new(()));
        let save = write(Arc::clone(&journal), takes, "saved").lane("save");
        let notice = async { write(journal, Duration::from_millis(50), "noted").lane("notice").await };
        if naive {
            naive::with_notice(save, patience, notice).await;
        } else {
            with_notice(save, patience, notice).await;
        }
    }
}

/// Writes into the journal. Only one can write at a time.
async fn write(journal: Arc<Mutex<()>>, takes: Duration, what: &'static str) {
    info!("needs the lock");
    let _locked = journal.lock().await;
    sleep(takes).await;
    info!("{what}");
}

/// No tasks, and no time.
///
/// On the paused clock the errand never starts. On the real clock the zero timeout lasts a millisecond or two, and the errand ends meanwhile.
async fn corners() {
    let (mut nobody, mut done) = (JoinSet::<Answer>::new(), Vec::new());
    wait(&mut nobody, &mut done, AllCompleted).await;
    info!("waited for nobody: {}", state(&done, &nobody));

    let mut tasks = JoinSet::from_iter([async { Ok("errand") }.try_lane("errand")]);
    let _too_late = timeout(Duration::ZERO, wait(&mut tasks, &mut done, AllCompleted)).await;
    info!("waited for no time: {}", state(&done, &tasks));
    tasks.shutdown().await;
}

type Answer = Result<&'static str, String>;

/// A request that takes its time, then answers or fails.
fn ask(name: &'static str, milliseconds: u64, broken: bool) -> impl Future<Output = Answer> {
    let request = async move {
        sleep(Duration::from_millis(milliseconds)).await;
        if broken {
            info!("failed");
            return Err(format!("{name} failed"));
        }
        info!("answered");
        Ok(name)
    };
    request.try_lane(name)
}

fn state(done: &[Ended<&str, String>], tasks: &JoinSet<Answer>) -> String {
    let failed = done.iter().filter(|ended| !matches!(ended, Ok(Ok(_)))).count();
    format!("{} done ({failed} failed), {} pending", done.len(), tasks.len())
}
