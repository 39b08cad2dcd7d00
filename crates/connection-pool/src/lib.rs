//! A connection pool. It lends at most N connections, and makes them when they are needed. A dropped connection comes back to the pool.
//!
//! ```sh
//! cargo run -p connection-pool
//! ```
#![doc = include_str!("../README.md")]

use std::fmt::{self, Debug, Formatter};
use std::mem;
use std::ops::{Deref, DerefMut};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use timeline::{Hold, hold};
use tokio::sync::{AcquireError, OwnedSemaphorePermit, Semaphore};
use tokio::time::{Instant, timeout};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tokio_util::task::task_tracker::TaskTrackerToken;

pub mod naive;

/// How a pool makes a connection, and how it checks a connection before it lends it again.
pub trait Connector: Send + Sync + 'static {
    /// The type of the connections.
    type Connection: Send + 'static;

    /// The error of [`Connector::connect`].
    type Error: Send;

    /// Makes a connection.
    ///
    /// The pool drops this future if the caller gives up, or if the pool is closed.
    fn connect(&self) -> impl Future<Output = Result<Self::Connection, Self::Error>> + Send;

    /// Whether the pool may lend a connection again. The pool asks when the connection comes back, and again before it lends it.
    ///
    /// Answer from the state of the connection, without a network call: `Drop` asks too, and `Drop` cannot await.
    /// A connection in the middle of a request is not reusable, because the next caller would read the rest of the answer.
    fn is_reusable(&self, connection: &Self::Connection) -> bool;
}

/// The limits of a pool.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// The maximum number of connections: lent, idle, and being made.
    pub most: usize,
    /// The longest time that [`Pool::acquire`] may take: to wait for its turn, and to connect.
    pub patience: Duration,
    /// How long a connection may be idle.
    pub idle: Duration,
}

/// Lends connections. All clones are the same pool.
///
/// When the last clone of the pool and the last lent connection are dropped, the idle connections are dropped.
pub struct Pool<C: Connector> {
    shared: Arc<Shared<C>>,
}

struct Shared<C: Connector> {
    connector: C,
    limits: Limits,
    /// A permit for each connection that is lent or being made. A semaphore is fair: first come, first served.
    permits: Arc<Semaphore>,
    /// The idle connections, the newest last. `None` when the pool is closed. Never locked across an await.
    idle: Mutex<Option<Vec<Idle<C::Connection>>>>,
    closing: CancellationToken,
    /// Holds a token for each connection that is lent or being made.
    out: TaskTracker,
}

struct Idle<T> {
    connection: T,
    since: Instant,
    _level: Hold,
}

impl<C: Connector> Pool<C> {
    /// A pool without connections: the first caller makes the first one.
    ///
    /// # Panics
    ///
    /// If `limits.most` is more than [`Semaphore::MAX_PERMITS`].
    pub fn new(connector: C, limits: Limits) -> Self {
        let shared = Shared {
            connector,
            limits,
            permits: Arc::new(Semaphore::new(limits.most)),
            idle: Mutex::new(Some(Vec::new())),
            closing: CancellationToken::new(),
            out: TaskTracker::new(),
        };
        Self { shared: Arc::new(shared) }
    }

    /// Borrows a connection: the newest idle one, or else a new one. Waits while all are lent: first come, first served.
    ///
    /// Cancel safe: yes. If you drop the call while it waits or connects, your place goes to the next caller. You lose your turn.
    ///
    /// # Errors
    ///
    /// See [`Failed`].
    ///
    /// # Panics
    ///
    /// Outside a Tokio runtime with time enabled.
    ///
    /// ```
    /// # use std::time::Duration;
    /// # use connection_pool::{Connector, Limits, Pool};
    /// struct Texts;
    ///
    /// impl Connector for Texts {
    ///     type Connection = String;
    ///     type Error = std::io::Error;
    ///
    ///     async fn connect(&self) -> Result<String, Self::Error> {
    ///         Ok(String::new())
    ///     }
    ///
    ///     fn is_reusable(&self, _: &String) -> bool {
    ///         true
    ///     }
    /// }
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), connection_pool::Failed<std::io::Error>> {
    /// let second = Duration::from_secs(1);
    /// let pool = Pool::new(Texts, Limits { most: 10, patience: second, idle: 60 * second });
    /// let mut text = pool.acquire().await?;
    /// text.push_str("used");
    /// drop(text); // It is idle now.
    /// assert_eq!(*pool.acquire().await?, "used");
    /// # Ok(())
    /// # }
    /// ```
    pub async fn acquire(&self) -> Result<Lent<C>, Failed<C::Error>> {
        let lent = timeout(self.shared.limits.patience, self.lend());
        match self.shared.closing.run_until_cancelled(lent).await {
            Some(Ok(lent)) => lent,
            Some(Err(_elapsed)) => Err(Failed::TimedOut),
            None => Err(Failed::Closed),
        }
    }

    async fn lend(&self) -> Result<Lent<C>, Failed<C::Error>> {
        let shared = &self.shared;
        let permit = shared.permit().await.map_err(|_closed| Failed::Closed)?;
        let place = shared.place(permit).ok_or(Failed::Closed)?;
        // From here on, every exit drops the place: an error, a panic, a caller that gives up.
        let connection = match shared.take_idle() {
            Some(connection) => connection,
            // No connection is idle. So each of the others has a permit, and with this one there are at most N.
            None => shared.connector.connect().await.map_err(Failed::Connect)?,
        };
        Ok(Lent { connection: Some(connection), pool: Arc::clone(shared), _place: place })
    }

    /// Drops the connections that have been idle for too long.
    ///
    /// [`Pool::acquire`] does this too. If no caller may come for a while, call this from time to time.
    pub fn expire(&self) {
        self.shared.expire();
    }

    /// Closes the pool. Callers that wait, connect or come later get [`Failed::Closed`]. The idle connections are dropped.
    /// Then it waits until every lent connection has come back.
    ///
    /// If you hold a connection while you call `close`, it waits for ever.
    ///
    /// Cancel safe: yes. The pool stays closed. To continue to wait, call `close` again.
    pub async fn close(&self) {
        // From here on, no caller gets a place.
        let idle = self.shared.idle().take();
        drop(idle);
        self.shared.closing.cancel();
        self.shared.out.close();
        self.shared.out.wait().await;
    }
}

impl<C: Connector> Shared<C> {
    async fn permit(&self) -> Result<OwnedSemaphorePermit, AcquireError> {
        // No caller overtakes another one here. A released permit goes to the first waiting caller. It is free only if no caller waits.
        if let Ok(permit) = Arc::clone(&self.permits).try_acquire_owned() {
            return Ok(permit);
        }
        let _level = hold("waiting", None);
        Arc::clone(&self.permits).acquire_owned().await
    }

    /// Makes a token for one connection, unless the pool is closed.
    fn place(&self, permit: OwnedSemaphorePermit) -> Option<Place> {
        let idle = self.idle();
        // `close` first empties the list, and then checks the tokens. So the token is made while the list is locked.
        idle.is_some().then(|| Place {
            _permit: permit,
            _token: self.out.token(),
            _level: hold("lent", u64::try_from(self.limits.most).ok()),
        })
    }

    /// The newest idle connection that can be lent. It drops those that cannot.
    fn take_idle(&self) -> Option<C::Connection> {
        self.expire();
        loop {
            // The lock is released before the connection is checked or dropped.
            let newest = self.idle().as_mut()?.pop()?;
            if self.connector.is_reusable(&newest.connection) {
                return Some(newest.connection);
            }
        }
    }

    fn put_back(&self, connection: C::Connection) {
        if !self.connector.is_reusable(&connection) {
            return;
        }
        // If the pool is closed, the connection is dropped.
        if let Some(idle) = self.idle().as_mut() {
            idle.push(Idle { connection, since: Instant::now(), _level: hold("idle", None) });
        }
    }

    fn expire(&self) {
        let is_old = |idle: &mut Idle<_>| idle.since.elapsed() >= self.limits.idle;
        let old: Option<Vec<_>> = self.idle().as_mut().map(|idle| idle.extract_if(.., is_old).collect());
        drop(old);
    }

    fn idle(&self) -> MutexGuard<'_, Option<Vec<Idle<C::Connection>>>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The right to have one connection. On drop, it goes to the next caller.
struct Place {
    _level: Hold,
    _permit: OwnedSemaphorePermit,
    _token: TaskTrackerToken,
}

/// A borrowed connection. Use it like a `&mut` to the connection. On drop, it goes back to its pool.
pub struct Lent<C: Connector> {
    /// `None` only after [`Lent::discard`].
    connection: Option<C::Connection>,
    pool: Arc<Shared<C>>,
    // Dropped last: the caller that gets the place next must find the connection in the pool.
    _place: Place,
}

impl<C: Connector> Lent<C> {
    /// Drops the connection instead of returning it to the pool. The next caller makes a new one.
    ///
    /// Call it if you know more than [`Connector::is_reusable`]: for example after a strange answer, or if a transaction cannot be rolled back.
    pub fn discard(mut self) {
        self.connection = None;
    }
}

impl<C: Connector> Drop for Lent<C> {
    fn drop(&mut self) {
        if let Some(connection) = mem::take(&mut self.connection) {
            self.pool.put_back(connection);
        }
    }
}

impl<C: Connector> Deref for Lent<C> {
    type Target = C::Connection;

    #[expect(clippy::expect_used, reason = "only `discard` takes it, and consumes the guard")]
    fn deref(&self) -> &C::Connection {
        self.connection.as_ref().expect("a lent connection is there until it is dropped")
    }
}

impl<C: Connector> DerefMut for Lent<C> {
    #[expect(clippy::expect_used, reason = "only `discard` takes it, and consumes the guard")]
    fn deref_mut(&mut self) -> &mut C::Connection {
        self.connection.as_mut().expect("a lent connection is there until it is dropped")
    }
}

impl<C: Connector> Clone for Pool<C> {
    fn clone(&self) -> Self {
        Self { shared: Arc::clone(&self.shared) }
    }
}

impl<C: Connector> Debug for Pool<C> {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Pool").field("limits", &self.shared.limits).finish_non_exhaustive()
    }
}

impl<C: Connector<Connection: Debug>> Debug for Lent<C> {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        formatter.debug_tuple("Lent").field(&self.connection).finish()
    }
}

/// Why [`Pool::acquire`] has no connection.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Failed<E> {
    /// It took longer than [`Limits::patience`].
    #[error("no connection in time")]
    TimedOut,
    /// The pool is closed.
    #[error("the pool is closed")]
    Closed,
    /// No connection could be made.
    #[error("cannot connect: {0}")]
    Connect(E),
}
