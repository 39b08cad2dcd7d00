//! What the answer of `sync-bridge/facade` is given.

use std::convert::Infallible;
use std::fmt::Debug;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering::SeqCst};
use std::thread;

use exam::{LaneExt, Stage, ms};
use tokio::sync::mpsc;
use tokio::task::spawn_blocking;
use tokio::time::sleep;
use tracing::Dispatch;
use tracing::dispatcher::{get_default, with_default};
use tracing::instrument::WithSubscriber;

/// Why there is no price.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NoPrice {
    /// What the client says.
    Refused(String),
    /// The client panicked.
    Panicked,
    /// The façade is closed.
    Closed,
}

/// Where a client connects to; clones are the same server.
#[derive(Clone, Debug)]
pub struct Server(pub(super) Arc<World>);

/// An async client with one connection; clones share it.
#[derive(Clone, Debug)]
pub struct Client {
    server: Server,
    /// The task that keeps the connection has the other end.
    connection: mpsc::Sender<Infallible>,
}

impl Server {
    pub(super) fn new(door: Door) -> Self {
        let [open, beats, calls] = Default::default();
        let (stage, dispatch, ending) = (Stage::new(), get_default(Clone::clone), Default::default());
        Self(Arc::new(World { stage, dispatch, open, beats, calls, ending, door }))
    }

    /// Connects, and spawns the task that keeps the connection on the runtime that runs this.
    ///
    /// # Errors
    ///
    /// If the server refuses.
    ///
    /// # Panics
    ///
    /// If the client has a bug.
    pub async fn connect(&self) -> Result<Client, NoPrice> {
        let connect = async {
            sleep(ms(5)).await;
            match self.0.door {
                Door::Open => {}
                Door::Full => return Err(NoPrice::Refused("no place is free".to_owned())),
                Door::Panics => panic!("the client has a bug"),
            }
            let (connection, requests) = mpsc::channel(1);
            self.0.open.fetch_add(1, SeqCst);
            let open = OpenConnection(Arc::clone(&self.0), requests);
            tokio::spawn(async move {
                loop {
                    sleep(ms(3)).await;
                    open.0.beats.fetch_add(1, SeqCst);
                }
            });
            Ok(Client { server: self.clone(), connection })
        };
        self.0.seen("connect", connect).await
    }
}

impl Client {
    /// Asks for a price over the connection.
    ///
    /// # Errors
    ///
    /// What the server says, or that the connection is closed.
    pub async fn price(&self, thing: &str) -> Result<u32, NoPrice> {
        let call = async {
            tokio::select! {
                biased;
                () = self.connection.closed() => refused("the connection is closed"),
                answer = self.server.0.answer(thing) => answer,
            }
        };
        self.server.0.seen(&format!("price of {thing}"), call).await
    }
}

/// What the server sees, on whatever thread.
#[derive(Debug)]
pub(super) struct World {
    pub(super) stage: Arc<Stage>,
    dispatch: Dispatch,
    open: AtomicUsize,
    beats: AtomicUsize,
    pub(super) calls: AtomicUsize,
    /// The end was asked for, by `close` or a drop; that has returned; and a connection was open then.
    ending: [AtomicBool; 3],
    door: Door,
}

/// What happens when a client connects.
#[derive(Debug)]
pub(super) enum Door {
    Open,
    Full,
    Panics,
}

fn refused(why: &str) -> Result<u32, NoPrice> {
    Err(NoPrice::Refused(why.to_owned()))
}

impl World {
    async fn answer(&self, thing: &str) -> Result<u32, NoPrice> {
        self.calls.fetch_add(1, SeqCst);
        match thing {
            "unsold" => return refused("it is not for sale"),
            "bug" => panic!("the client has a bug"),
            "gold" => std::future::pending().await,
            "stock" => spawn_blocking(|| ()).await.map_err(|_| NoPrice::Closed)?,
            "rare" => sleep(ms(1_100)).await,
            // All that come are under way until the last one has come.
            "crowd" => self.stage.until(|| self.calls.load(SeqCst) >= CROWD).await,
            _ => sleep(ms(5)).await,
        }
        Ok(thing.bytes().map(u32::from).sum())
    }

    /// In a lane, on whatever thread it is polled.
    fn seen<T>(
        &self,
        lane: &str,
        call: impl Future<Output = Result<T, NoPrice>>,
    ) -> impl Future<Output = Result<T, NoPrice>> {
        with_default(&self.dispatch, || call.try_lane(lane)).with_subscriber(self.dispatch.clone())
    }

    /// Whether the connection goes on while nobody calls.
    pub(super) fn beats_on(&self) -> bool {
        let before = self.beats.load(SeqCst);
        self.stage.wait_until(|| self.beats.load(SeqCst) >= before + 2)
    }

    /// Ends the façade so; a connection that is dropped meanwhile waits for that to return.
    pub(super) fn end(&self, end: impl FnOnce()) {
        let [asked, returned, _] = &self.ending;
        asked.store(true, SeqCst);
        end();
        returned.store(true, SeqCst);
    }

    /// What the end left open.
    pub(super) fn left(&self) -> &'static str {
        match self.open.load(SeqCst) {
            0 if self.ending[2].load(SeqCst) => "a connection that ends a moment later",
            0 => "nothing",
            _ => "a connection that stays open",
        }
    }

    pub(super) fn is_over(&self) -> bool {
        self.open.load(SeqCst) == 0
    }
}

struct OpenConnection(
    Arc<World>,
    #[expect(dead_code, reason = "clients learn of its drop")] mpsc::Receiver<Infallible>,
);

impl Drop for OpenConnection {
    fn drop(&mut self) {
        let [called, returned, too_early] = &self.0.ending;
        // Takes a while, so that a `close` that does not wait returns meanwhile.
        for _ in 0..300 {
            if !called.load(SeqCst) || returned.load(SeqCst) {
                break;
            }
            thread::sleep(ms(1));
        }
        too_early.store(returned.load(SeqCst), SeqCst);
        self.0.open.fetch_sub(1, SeqCst);
    }
}

/// How many threads ask at once.
pub(super) const CROWD: usize = 40;
