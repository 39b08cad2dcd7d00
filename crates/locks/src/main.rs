//! The story of locks: `cargo run -p locks`, and `-- --help` for its flags.

use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use futures::stream::FuturesUnordered;
use futures::{FutureExt, StreamExt};
use locks::{Figures, Shared, change_to_the_end, lock_both, naive};
use story::{Knob, Scene, Story, Told};
use timeline::{Lane, LaneExt, Recording};
use tokio::sync::{Mutex, MutexGuard, OwnedMutexGuard};
use tokio::task::JoinError;
use tokio::time::{sleep, timeout};
use tracing::info;

const PATIENCE: Knob = Knob::new("patience", 200, 50..=60_000, "milliseconds that client 2 waits before it asks anew");

/// What client 2 says when its patience ends.
const ANEW: &str = "gave up, asking anew";

fn main() -> ExitCode {
    Story::new("locks", env!("CARGO_MANIFEST_DIR"))
        .about("A connection for one client at a time, two files that are merged both ways at once, and a save whose caller gives up.")
        .knobs(&[PATIENCE])
        .naive(
            |_| "status waits for every client that asked before it, the two merges wait for each other, and the page is left half written.",
            wrong,
        )
        .asyncio(look)
        .tell(look, right)
}

fn look(seen: &Recording) -> &'static str {
    let anew = |client: &Lane| client.notes.iter().any(|note| note.text == ANEW);
    if seen.lane("client 2").is_some_and(anew) {
        "client 2 came before client 3 and is served after it; status does not wait; the save goes on when its caller has given up."
    } else {
        "the clients are served in the order in which they came; status does not wait; the save goes on when its caller has given up."
    }
}

async fn right(scene: Scene) -> Told {
    let props = Props::new(&scene);
    let shared = Shared::new(());
    let turn = async || {
        let _turn = shared.turn().await;
        props.talk().await;
    };
    props.clients(turn, async || shared.figures()).await;
    props.merges(lock_both).await;
    props.caller(|page| change_to_the_end(page, |page| write(page).lane("save"))).try_lane("caller").await
}

async fn wrong(scene: Scene) -> Told {
    let props = Props::new(&scene);
    let shared = naive::Shared::new(());
    let turn = async || {
        let _turn = shared.turn().await;
        props.talk().await;
    };
    props.clients(turn, async || shared.figures().await).await;
    props.merges(naive::lock_both).await;
    props.caller(|page| naive::change_to_the_end(page, |page| write(page).lane("save"))).try_lane("caller").await
}

/// How long everything takes.
struct Props {
    patience: Duration,
    talk_takes: Duration,
    merge_takes: Duration,
    write_takes: Duration,
}

impl Props {
    fn new(scene: &Scene) -> Self {
        let mut dice = scene.dice();
        Self {
            patience: scene.milliseconds(&PATIENCE),
            talk_takes: Duration::from_millis(dice.pick(301, 319)),
            merge_takes: Duration::from_millis(dice.pick(121, 139)),
            write_takes: Duration::from_millis(dice.pick(181, 199)),
        }
    }

    /// Uses the connection, which the caller has locked.
    async fn talk(&self) {
        info!("connected");
        sleep(self.talk_takes).await;
        info!("done");
    }

    /// Three clients come one after another, and then somebody who wants to know the figures.
    async fn clients(&self, turn: impl AsyncFn(), figures: impl AsyncFn() -> Figures) {
        let tenths = |count| count * self.talk_takes / 10;
        let client = async |number, patience| {
            sleep(tenths(number - 1)).await;
            if timeout(patience, turn()).await.is_err() {
                info!("{ANEW}");
                turn().await;
            }
        };
        let patience = [Duration::MAX, self.patience, Duration::MAX];
        let clients: FuturesUnordered<_> = (1_u32..)
            .zip(patience)
            .map(|(number, patience)| client(number, patience).lane(format!("client {number}")).boxed_local())
            .collect();
        let status = async {
            sleep(tenths(3)).await;
            let Figures { waiting, served } = figures().await;
            info!("{waiting} waiting, {served} served");
        };
        clients.push(status.lane("status").boxed_local());
        clients.collect::<()>().await;
    }

    /// Merges two files into each other, at the same time. Each merge needs both.
    async fn merges(&self, lock_both: impl for<'a> AsyncFn(&'a File, &'a File) -> Option<Both<'a>>) {
        let (a, b) = (Mutex::new(vec!["a"]), Mutex::new(vec!["b"]));
        let merge = async |from, into| {
            let Some((from, mut into)) = lock_both(from, into).await else { return };
            info!("has both files");
            sleep(self.merge_takes).await;
            into.extend_from_slice(&from);
            info!("{} lines", into.len());
        };
        let both = async { tokio::join!(merge(&a, &b).lane("a into b"), merge(&b, &a).lane("b into a")) };
        if timeout(self.merge_takes * 4, both).await.is_err() {
            info!("still waiting for each other: ended by a time limit");
        }
    }

    /// Saves a page, gives up between the first half and the second, and then looks at what is there.
    async fn caller<F>(&self, save: impl FnOnce(Arc<Page>) -> F) -> Told
    where
        F: Future<Output = Result<(), JoinError>>,
    {
        let page = Arc::new(Mutex::new((Vec::new(), self.write_takes)));
        match timeout(self.write_takes * 3 / 2, save(Arc::clone(&page))).await {
            Ok(saved) => saved?,
            Err(_elapsed) => info!("gave up"),
        }
        info!("{} of 2 halves written", page.lock().await.0.len());
        Ok(())
    }
}

/// A file is its lines.
type File = Mutex<Vec<&'static str>>;
type Both<'a> = (MutexGuard<'a, Vec<&'static str>>, MutexGuard<'a, Vec<&'static str>>);

/// What is written of a page, and how long a half of it takes.
type Page = Mutex<(Vec<&'static str>, Duration)>;

/// Writes both halves of a page, each of which takes a while.
async fn write(mut page: OwnedMutexGuard<(Vec<&'static str>, Duration)>) {
    for half in ["first half", "second half"] {
        sleep(page.1).await;
        page.0.push(half);
        info!("{half} written");
    }
}
