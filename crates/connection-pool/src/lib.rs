//! A connection pool: it lends at most N connections, makes them when they are needed, and gets them back when they are dropped.
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

/// How a pool makes a connection, and what it looks at before it lends one again.
pub trait Connector: Send + Sync + 'static {
    /// What the pool lends.
    type Connection: Send + 'static;

    /// Why there is no connection.
    type Error: Send;

    /// Makes a connection.
    ///
    /// The pool drops this future if the caller gives up, or if the pool is closed.
    fn connect(&self) -> impl Future<Output = Result<Self::Connection, Self::Error>> + Send;

    /// Whether a connection can be lent to somebody else. Asked when it comes back, and again before it is lent.
    ///
    /// Answer from what the connection knows, without a call: `Drop` asks too, and `Drop` cannot await.
    /// A connection in the middle of a request is not reusable, because the next caller would read the rest of the answer.
    fn is_reusable(&self, connection: &Self::Connection) -> bool;
}

/// The limits of a pool.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// How many connections there are at most: lent, idle, and being made.
    pub most: usize,
    /// How long [`Pool::acquire`] takes at most: to wait for its turn, and to connect.
    pub patience: Duration,
    /// How long a connection may be idle.
    pub idle: Duration,
}

/// Lends connections. A clone is the same pool.
///
/// If nobody holds the pool or one of its connections any more, the idle connections are dropped.
pub struct Pool<C: Connector> {
    shared: Arc<Shared<C>>,
}

struct Shared<C: Connector> {
    connector: C,
    limits: Limits,
    /// A permit for each connection that is lent or being made. A semaphore is fair: first come, first served.
    permits: Arc<Semaphore>,
    /// The newest is last. `None` when the pool is closed. Never locked across an await.
    idle: Mutex<Option<Vec<Idle<C::Connection>>>>,
    closing: CancellationToken,
    /// Has a token for each connection that is lent or being made.
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

    /// Borrows a connection: the newest idle one, or else a new one. Waits while all are lent; who came first is first.
    ///
    /// Cancel safe: yes. Whether you waited or connected, your place goes to the next caller. You lose your turn.
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
        // From here on, every way out drops the place: an error, a panic, a caller who gives up.
        let connection = match shared.take_idle() {
            Some(connection) => connection,
            // No connection is idle. So all others have a permit, and with this one there are at most N.
            None => shared.connector.connect().await.map_err(Failed::Connect)?,
        };
        Ok(Lent { connection: Some(connection), pool: Arc::clone(shared), _place: place })
    }

    /// Drops the connections that have been idle for too long.
    ///
    /// [`Pool::acquire`] does this too. If your pool may have nothing to do for a while, call this every now and then.
    pub fn expire(&self) {
        self.shared.expire();
    }

    /// Closes the pool: nobody gets a connection any more, whoever waits or connects gets [`Failed::Closed`], and the idle connections are dropped.
    /// Then it waits until every lent connection has come back.
    ///
    /// If you hold a connection yourself, it waits for ever.
    ///
    /// Cancel safe: yes. The pool stays closed. Call `close` again to go on waiting.
    pub async fn close(&self) {
        // From here on nobody gets a place.
        let idle = self.shared.idle().take();
        drop(idle);
        self.shared.closing.cancel();
        self.shared.out.close();
        self.shared.out.wait().await;
    }
}

impl<C: Connector> Shared<C> {
    async fn permit(&self) -> Result<OwnedSemaphorePermit, AcquireError> {
        // Nobody overtakes here: a permit that is released goes to whoever waits, and is free only if nobody does.
        if let Ok(permit) = Arc::clone(&self.permits).try_acquire_owned() {
            return Ok(permit);
        }
        let _level = hold("waiting", None);
        Arc::clone(&self.permits).acquire_owned().await
    }

    /// The right to have one connection, unless the pool is closed.
    fn place(&self, permit: OwnedSemaphorePermit) -> Option<Place> {
        let idle = self.idle();
        // `close` empties the list first and looks at the tokens then. So the token is taken while the list is locked.
        idle.is_some().then(|| Place {
            _permit: permit,
            _token: self.out.token(),
            _level: hold("lent", u64::try_from(self.limits.most).ok()),
        })
    }

    /// The newest idle connection that can be lent. The others that it looks at are dropped.
    fn take_idle(&self) -> Option<C::Connection> {
        self.expire();
        loop {
            // The lock is released before the connection is looked at or dropped.
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

/// The right to have one connection. Dropped, it goes to the next caller.
struct Place {
    _level: Hold,
    _permit: OwnedSemaphorePermit,
    _token: TaskTrackerToken,
}

/// A connection that is lent. Use it like a `&mut` to the connection. Dropped, it goes back to its pool.
pub struct Lent<C: Connector> {
    /// `None` only after it was thrown away.
    connection: Option<C::Connection>,
    pool: Arc<Shared<C>>,
    // Dropped last: who gets the place next must find the connection in the pool.
    _place: Place,
}

impl<C: Connector> Lent<C> {
    /// Throws the connection away. The next caller makes a new one.
    ///
    /// For whoever knows more than [`Connector::is_reusable`]: a strange answer, a transaction that cannot be rolled back.
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
