//! The version that goes wrong.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use timeline::hold;
use tokio::sync::Notify;

use crate::{Connector, Limits};

/// Goes wrong in many ways. It checks the count, connects, and increases the count only then. So callers that come together make too many connections.
/// A connection comes back only if its caller calls `release`. A broken connection is lent again. `close` wakes no caller, waits for no connection, and refuses no later caller.
pub struct Pool<C: Connector> {
    connector: C,
    limits: Limits,
    made: AtomicUsize,
    idle: Mutex<VecDeque<C::Connection>>,
    released: Notify,
}

impl<C: Connector> Pool<C> {
    /// A pool without connections.
    pub fn new(connector: C, limits: Limits) -> Self {
        Self { connector, limits, made: AtomicUsize::new(0), idle: Mutex::default(), released: Notify::new() }
    }

    /// Takes a connection out of the pool.
    ///
    /// Cancel safe: yes. But if the caller gives up later, the pool loses the connection.
    ///
    /// # Errors
    ///
    /// The error of the connector.
    pub async fn acquire(&self) -> Result<C::Connection, C::Error> {
        loop {
            let idle = self.idle().pop_front();
            if let Some(connection) = idle {
                return Ok(connection);
            }
            if self.made.load(Ordering::Relaxed) < self.limits.most {
                // While this caller connects, the next caller sees the same count.
                let connection = self.connector.connect().await?;
                self.made.fetch_add(1, Ordering::Relaxed);
                return Ok(connection);
            }
            let _waiting = hold("waiting", None);
            self.released.notified().await;
        }
    }

    /// Puts a connection back, whatever state it is in.
    pub fn release(&self, connection: C::Connection) {
        self.idle().push_back(connection);
        self.released.notify_one();
    }

    /// Drops the idle connections.
    pub fn close(&self) {
        self.idle().clear();
    }

    fn idle(&self) -> MutexGuard<'_, VecDeque<C::Connection>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
