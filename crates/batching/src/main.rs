//! The story of the micro-batcher: `cargo run -p batching`, and `-- --help` for its flags.

use std::fmt::Display;
use std::process::ExitCode;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use batching::{Failed, Loader, loader, naive};
use futures::future::BoxFuture;
use story::{Knob, Scene, Story, Told};
use timeline::{LaneExt, level};
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};
use tracing::info;

const LIMIT: Knob = Knob::new("limit", 3, 1..=100, "how many callers share a call at most");
const PATIENCE: Knob = Knob::new("patience", 250, 10..=10_000, "milliseconds that the first caller waits for others");

/// Who comes, how many milliseconds after the one before, and asks for which record.
const CALLERS: [(&str, u64, u32); 6] =
    [("ann", 0, 7), ("bob", 70, 3), ("cy", 70, 7), ("dee", 100, 5), ("eve", 60, 4), ("fay", 440, 8)];

/// Eve leaves after so many milliseconds.
const EVE_WAITS: Duration = Duration::from_millis(120);

fn main() -> ExitCode {
    Story::new("batching", env!("CARGO_MANIFEST_DIR"))
        .about("Six callers ask for one record each, and a micro-batcher makes few calls of that.")
        .knobs(&[LIMIT, PATIENCE])
        .naive(
            |_| "call 1 holds up dee, and each newcomer makes her wait longer; ann, bob and dee get another one's record, and cy gets none.",
            async |scene: Scene| {
                let props = Props::new(&scene);
                let (loader, work) = naive::loader(props.limit, props.patience, props.backend());
                tokio::join!(work, props.callers(loader));
                Ok(())
            },
        )
        .asyncio(|_| LOOK)
        .tell(|_| LOOK, right)
}

const LOOK: &str = "call 1 starts when the batch is full, call 2 when dee has waited long enough, call 3 when nobody can come any more.";

async fn right(scene: Scene) -> Told {
    let props = Props::new(&scene);
    let (loader, work) = loader(props.limit, props.patience, props.backend());
    tokio::join!(work, props.callers(loader));
    Ok(())
}

type Records = Loader<u32, String, String>;

struct Props {
    limit: usize,
    patience: Duration,
    call_takes: Duration,
    waiting: Waiting,
}

impl Props {
    fn new(scene: &Scene) -> Self {
        let limit = scene.get(&LIMIT);
        Self {
            limit: limit.try_into().unwrap_or(usize::MAX),
            patience: scene.milliseconds(&PATIENCE),
            call_takes: Duration::from_millis(scene.dice().pick(380, 420)),
            waiting: Waiting { limit, ids: Arc::default() },
        }
    }

    /// The backend: it returns each record once, sorted by its number.
    fn backend(&self) -> impl Fn(Vec<u32>) -> BackendCall + use<> {
        let (calls, takes, waiting) = (AtomicU64::new(0), self.call_takes, self.waiting.clone());
        move |mut ids| {
            waiting.leave(&ids);
            let call = async move {
                info!("asks for {}", listed(&ids));
                sleep(takes).await;
                ids.sort_unstable();
                ids.dedup();
                info!("answers {}", listed(&ids));
                Ok(ids.into_iter().map(|id| (id, format!("record {id}"))).collect())
            };
            Box::pin(call.try_lane(format!("call {}", calls.fetch_add(1, Ordering::Relaxed) + 1)))
        }
    }

    /// Spawns the callers one after another, and waits for all.
    async fn callers(&self, records: Records) {
        let mut callers = JoinSet::new();
        for (name, after, id) in CALLERS {
            sleep(Duration::from_millis(after)).await;
            let caller = caller(records.load(id), id, self.waiting.clone()).try_lane(name);
            callers.spawn(timeout(if name == "eve" { EVE_WAITS } else { Duration::MAX }, caller));
        }
        drop(records);
        while callers.join_next().await.is_some() {}
    }
}

type BackendCall = BoxFuture<'static, Result<Vec<(u32, String)>, String>>;

async fn caller(
    record: impl Future<Output = Result<String, Failed<String>>>,
    id: u32,
    waiting: Waiting,
) -> Result<(), Failed<String>> {
    info!("wants {id}");
    let _here = waiting.come(id);
    let record = record.await;
    match &record {
        Ok(record) => info!("got {record}"),
        Err(failed) => info!("got nothing: {failed}"),
    }
    record.map(drop)
}

/// The callers in the batch that fills, as a level of the picture.
#[derive(Clone)]
struct Waiting {
    limit: u64,
    ids: Arc<Mutex<Vec<u32>>>,
}

impl Waiting {
    fn come(&self, id: u32) -> impl Drop + use<> {
        self.change(|ids| ids.push(id));
        Here(id, self.clone())
    }

    /// The callers who want these records do not wait any more.
    fn leave(&self, gone: &[u32]) {
        self.change(|ids| ids.retain(|id| !gone.contains(id)));
    }

    fn change(&self, change: impl FnOnce(&mut Vec<u32>)) {
        let mut ids = self.ids.lock().unwrap_or_else(PoisonError::into_inner);
        let before = ids.len();
        change(&mut ids);
        if ids.len() != before {
            level("waiting", ids.len() as u64, self.limit);
        }
    }
}

/// A caller who waits, until this is dropped.
struct Here(u32, Waiting);

impl Drop for Here {
    fn drop(&mut self) {
        self.1.leave(&[self.0]);
    }
}

fn listed(ids: &[impl Display]) -> String {
    ids.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}
