//! The story of the pool: `cargo run -p connection-pool`, and `-- --help` for its flags.

use std::fmt::Display;
use std::mem;
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use connection_pool::{Connector, Limits, Pool, naive};
use story::{Knob, Scene, Story, Told};
use timeline::{LaneExt, Recording, hold};
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};
use tracing::info;

const MOST: Knob = Knob::new("most", 2, 1..=100, "how many connections there are at most");
const PATIENCE: Knob = Knob::new("patience", 1_200, 1..=60_000, "milliseconds that a caller waits for a connection");

fn main() -> ExitCode {
    Story::new("connection-pool", env!("CARGO_MANIFEST_DIR"))
        .about("Seven callers share the connections of a pool. One connection breaks, dee gives up, and at the end the pool is closed.")
        .knobs(&[MOST, PATIENCE])
        .naive(
            |seen| if out_of_patience(seen) {
                "some callers give up before they have a connection: their patience is too short, or the pool was closed first."
            } else {
                "five callers connect at once. fay gets the connection that broke, dee's never comes back, and close waits for nobody."
            },
            wrong,
        )
        .asyncio_naive(|_| "release finds no connection in in_use, so none comes back: each caller makes a new one.")
        .asyncio(|_| "eve's connection is made when dee gives up in the middle of a query; close refuses gil, and waits for eve and fay.")
        .tell(
            |seen| match seen.highest("lent") {
                _ if out_of_patience(seen) => "some callers give up before they have a connection: their patience is too short.",
                Some(2) => "`lent` is 2 at most. The broken connection and dee's are thrown away; fay gets cy's; close refuses gil, and waits for eve and fay.",
                Some(1) => "one connection at a time; whoever waits when the pool closes is refused.",
                _ => "`lent` never passes its limit; each connection is used again, unless it is broken.",
            },
            right,
        )
}

/// Whether a caller got no connection in time.
fn out_of_patience(seen: &Recording) -> bool {
    seen.lanes.iter().flat_map(|lane| &lane.notes).any(|note| note.text.contains("in time"))
}

async fn right(scene: Scene) -> Told {
    let pool = Pool::new(Server::new(&scene), limits(&scene));
    let lender = pool.clone();
    let callers = callers(move |caller| {
        let pool = lender.clone();
        async move {
            let mut link = pool.acquire().await.map_err(refused)?;
            caller.asks(&mut link).await
        }
    });
    tokio::join!(callers, closes(pool.close()));
    Ok(())
}

async fn wrong(scene: Scene) -> Told {
    let pool = Arc::new(naive::Pool::new(Server::new(&scene), limits(&scene)));
    let (most, patience) = (scene.get(&MOST), scene.milliseconds(&PATIENCE));
    let lender = Arc::clone(&pool);
    let callers = callers(move |caller| {
        let pool = Arc::clone(&lender);
        async move {
            // The naive pool has no limit. If the process stands still at the wrong moment, the pool is closed before gil comes, and gil would wait for ever.
            let in_time = timeout(patience, pool.acquire()).await;
            let mut link = in_time.map_err(|_elapsed| refused("no connection in time"))?.map_err(refused)?;
            let lent = hold("lent", most);
            let answer = caller.asks(&mut link).await;
            // Nobody comes here if the caller gives up.
            drop(lent);
            pool.release(link);
            answer
        }
    });
    tokio::join!(callers, closes(async { pool.close() }));
    Ok(())
}

fn limits(scene: &Scene) -> Limits {
    let most = usize::try_from(scene.get(&MOST)).unwrap_or(usize::MAX);
    Limits { most, patience: scene.milliseconds(&PATIENCE), idle: Duration::from_mins(1) }
}

/// An error of this story is a sentence.
type Answer = Result<(), String>;

struct Caller {
    name: &'static str,
    /// Milliseconds from the start until it comes.
    at: u64,
    /// Milliseconds that its query takes.
    takes: u64,
    end: End,
}

#[derive(PartialEq, Eq)]
enum End {
    Answered,
    /// The connection breaks in the middle of the query.
    Breaks,
    /// The caller gives up, so many milliseconds after it came.
    GivesUp(u64),
}

const CALLERS: [Caller; 7] = [
    Caller { name: "ann", at: 0, takes: 500, end: End::Answered },
    Caller { name: "bob", at: 50, takes: 330, end: End::Breaks },
    Caller { name: "cy", at: 100, takes: 300, end: End::Answered },
    Caller { name: "dee", at: 150, takes: 600, end: End::GivesUp(730) },
    Caller { name: "eve", at: 200, takes: 310, end: End::Answered },
    Caller { name: "fay", at: 1_200, takes: 230, end: End::Answered },
    Caller { name: "gil", at: 1_300, takes: 200, end: End::Answered },
];

const CLOSES_AT: Duration = Duration::from_millis(1_350);

/// Each caller comes at its time, in a task.
async fn callers<F>(visit: impl Fn(&'static Caller) -> F)
where
    F: Future<Output = Answer> + Send + 'static,
{
    let mut tasks = JoinSet::new();
    for caller in &CALLERS {
        let visit = visit(caller);
        tasks.spawn(async move {
            sleep(Duration::from_millis(caller.at)).await;
            let visit = async {
                info!("asks for a connection");
                visit.await
            };
            let patience =
                if let End::GivesUp(after) = caller.end { Duration::from_millis(after) } else { Duration::MAX };
            timeout(patience, visit.try_lane(caller.name)).await
        });
    }
    while tasks.join_next().await.is_some() {}
}

impl Caller {
    async fn asks(&self, link: &mut Link) -> Answer {
        info!("has connection {}", link.number);
        let answer = link.query(self.takes, self.end == End::Breaks).await;
        match &answer {
            Ok(()) => info!("answered"),
            Err(error) => info!("failed: {error}"),
        }
        answer
    }
}

fn refused(failed: impl Display) -> String {
    info!("gets none: {failed}");
    failed.to_string()
}

async fn closes(close: impl Future<Output = ()>) {
    sleep(CLOSES_AT).await;
    let close = async {
        info!("closing");
        close.await;
        info!("closed");
    };
    close.lane("close").await;
}

/// The other end of all connections.
struct Server {
    connects: Duration,
    made: AtomicU64,
}

impl Server {
    fn new(scene: &Scene) -> Self {
        Self { connects: Duration::from_millis(scene.dice().pick(190, 210)), made: AtomicU64::new(0) }
    }
}

impl Connector for Server {
    type Connection = Link;
    type Error = String;

    async fn connect(&self) -> Result<Link, String> {
        let number = self.made.fetch_add(1, Ordering::Relaxed) + 1;
        info!("makes connection {number}");
        sleep(self.connects).await;
        Ok(Link { number, state: State::Ready })
    }

    fn is_reusable(&self, link: &Link) -> bool {
        link.state == State::Ready
    }
}

/// One connection.
struct Link {
    number: u64,
    state: State,
}

#[derive(PartialEq, Eq)]
enum State {
    Ready,
    /// In the middle of a query: the answer is still to be read.
    Busy,
    Broken,
}

impl Link {
    async fn query(&mut self, takes: u64, breaks: bool) -> Answer {
        let works = mem::replace(&mut self.state, State::Busy) == State::Ready;
        if works {
            sleep(Duration::from_millis(takes)).await;
        }
        if !works || breaks {
            self.state = State::Broken;
            return Err(format!("connection {} is broken", self.number));
        }
        self.state = State::Ready;
        Ok(())
    }
}
