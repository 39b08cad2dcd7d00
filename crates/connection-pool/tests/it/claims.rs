//! Every claim of the chapter, proven.

#![allow(clippy::unwrap_used, reason = "in a test a panic is the report")]

mod asyncio;
mod at_most_n;
mod broken_ones;
mod closing;
mod deadpool_defaults;
mod giving_up;
mod idle_ones;
mod lending;
mod twin;

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use std::time::Duration;

use connection_pool::{Connector, Failed, Lent, Limits, Pool, naive};
use futures::{FutureExt, poll};
use room::{everywhere, on_the_paused_clock};
use tokio::sync::{Barrier, Semaphore, oneshot};
use tokio::task::coop::{consume_budget, has_budget_remaining, unconstrained};
use tokio::task::{JoinSet, yield_now};
use tokio::time::{Instant, sleep, timeout};

/// Longer than any test.
const FOR_EVER: Duration = Duration::from_hours(1_000);

fn ms(milliseconds: u64) -> Duration {
    Duration::from_millis(milliseconds)
}

/// A pool of so many connections, without limits of time.
fn pool_of(most: usize, server: &Server) -> Pool<Server> {
    Pool::new(server.clone(), limits(most))
}

fn limits(most: usize) -> Limits {
    Limits { most, patience: FOR_EVER, idle: FOR_EVER }
}

/// The other end of the connections, and what it sees.
#[derive(Clone)]
struct Server(Arc<Inside>);

struct Inside {
    made: AtomicUsize,
    open: AtomicUsize,
    peak: AtomicUsize,
    /// So many attempts to connect fail.
    refuses: AtomicUsize,
    /// How often it has broken all connections.
    breaks: AtomicUsize,
    /// A permit for each attempt to connect that may go on.
    gate: Semaphore,
}

impl Server {
    /// Accepts every connection at once.
    fn new() -> Self {
        Self::with_gate(Semaphore::MAX_PERMITS)
    }

    /// Accepts a connection for each call of [`Server::accept`].
    fn slow() -> Self {
        Self::with_gate(0)
    }

    fn with_gate(permits: usize) -> Self {
        let (made, open, peak, refuses, breaks) = Default::default();
        Self(Arc::new(Inside { made, open, peak, refuses, breaks, gate: Semaphore::new(permits) }))
    }

    fn accept(&self) {
        self.0.gate.add_permits(1);
    }

    fn refuse_next(&self) {
        self.0.refuses.fetch_add(1, SeqCst);
    }

    fn break_all(&self) {
        self.0.breaks.fetch_add(1, SeqCst);
    }

    /// How many connections were begun.
    fn made(&self) -> usize {
        self.0.made.load(SeqCst)
    }

    /// How many connections are open now, with those that are being made.
    fn open(&self) -> usize {
        self.0.open.load(SeqCst)
    }

    fn peak(&self) -> usize {
        self.0.peak.load(SeqCst)
    }
}

/// A connection.
#[derive(Debug)]
struct Link {
    number: usize,
    /// In the middle of a request.
    busy: bool,
    /// How often all connections had been broken when this one was made.
    breaks: usize,
    server: Server,
}

impl std::fmt::Debug for Server {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Server")
    }
}

impl Link {
    fn new(server: &Server) -> Self {
        let open = server.0.open.fetch_add(1, SeqCst) + 1;
        server.0.peak.fetch_max(open, SeqCst);
        let number = server.0.made.fetch_add(1, SeqCst) + 1;
        Self { number, busy: false, breaks: server.0.breaks.load(SeqCst), server: server.clone() }
    }
}

impl Drop for Link {
    fn drop(&mut self) {
        self.server.0.open.fetch_sub(1, SeqCst);
    }
}

impl Connector for Server {
    type Connection = Link;
    type Error = &'static str;

    async fn connect(&self) -> Result<Link, &'static str> {
        let link = Link::new(self);
        self.0.gate.acquire().await.unwrap().forget();
        if self.0.refuses.try_update(SeqCst, SeqCst, |left| left.checked_sub(1)).is_ok() {
            return Err("refused");
        }
        Ok(link)
    }

    fn is_reusable(&self, link: &Link) -> bool {
        !link.busy && link.breaks == self.0.breaks.load(SeqCst)
    }
}

/// Whether a future is still pending after one poll. Drops it.
fn is_pending<T>(future: impl Future<Output = T>) -> bool {
    future.now_or_never().is_none()
}

/// How many of the pool's places are free: as many can be lent at once.
fn free(pool: &Pool<Server>) -> usize {
    let mut lent = Vec::new();
    while let Some(Ok(link)) = pool.acquire().now_or_never() {
        lent.push(link);
    }
    lent.len()
}
