//! What the answer of `connection-pool/lend` is given.

use std::ops::RangeInclusive;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};

use exam::{Failure, Service, ms};
use tokio::time::Instant;

/// Makes connections; clones are the same server.
#[derive(Clone, Debug)]
pub struct Server {
    pub(super) connects: Service,
    pub(super) seen: Arc<Seen>,
    /// The connection of this number breaks at its first use.
    pub(super) breaks_in_use: usize,
    /// The connections of these numbers break when they are so many milliseconds old.
    pub(super) breaks_later: (RangeInclusive<usize>, u64),
}

impl Server {
    /// Makes a connection. That takes 100 ms, and may fail.
    ///
    /// # Errors
    ///
    /// What the server says.
    pub fn connect(&self) -> impl Future<Output = Result<Connection, Failure>> + Send + use<> {
        let (server, reply) = (self.clone(), self.connects.ask());
        async move {
            let connection = Connection::open(server);
            reply.await.map(|_| connection)
        }
    }
}

/// A connection. It closes when it is dropped.
#[derive(Debug)]
pub struct Connection {
    pub(super) number: usize,
    since: Instant,
    pub(super) uses: usize,
    server: Server,
}

impl Connection {
    fn open(server: Server) -> Self {
        let open = server.seen.open.fetch_add(1, SeqCst) + 1;
        server.seen.peak.fetch_max(open, SeqCst);
        let number = server.seen.made.fetch_add(1, SeqCst) + 1;
        Self { number, since: Instant::now(), uses: 0, server }
    }

    /// Whether it is of no use any more. A connection can break while it is used, and while it is idle.
    #[must_use]
    pub fn is_broken(&self) -> bool {
        let (numbers, after) = &self.server.breaks_later;
        (numbers.contains(&self.number) && self.since.elapsed() >= ms(*after))
            || (self.server.breaks_in_use == self.number && self.uses > 0)
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        self.server.seen.open.fetch_sub(1, SeqCst);
    }
}

/// A connection that is lent. When the caller drops it, it calls the function that you gave it, with the connection.
pub struct Lent {
    pub(super) connection: Option<Connection>,
    give_back: Option<Box<dyn FnOnce(Connection) + Send>>,
}

impl Lent {
    /// A connection, and what happens to it at the end. The function is called once, on return, error, panic or cancellation.
    pub fn new(connection: Connection, give_back: impl FnOnce(Connection) + Send + 'static) -> Self {
        Self { connection: Some(connection), give_back: Some(Box::new(give_back)) }
    }
}

impl Drop for Lent {
    fn drop(&mut self) {
        if let (Some(connection), Some(give_back)) = (self.connection.take(), self.give_back.take()) {
            give_back(connection);
        }
    }
}

/// Why a caller got no connection.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refused {
    /// The pool is closed.
    Closed,
    /// The server did not accept the connection.
    Server(Failure),
}

/// What a server sees.
#[derive(Debug, Default)]
pub(super) struct Seen {
    pub(super) made: AtomicUsize,
    pub(super) open: AtomicUsize,
    pub(super) peak: AtomicUsize,
}
