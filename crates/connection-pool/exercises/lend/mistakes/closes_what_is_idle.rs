//! "I close a connection that was idle for a minute": the next caller must connect again.
//!
//! Caught by: sleeps while nothing comes

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::Semaphore;

use super::given::{Connection, Lent, Refused, Server};

/// Lends at most so many connections.
pub struct Pool {
    server: Server,
    shared: Arc<Shared>,
}

struct Shared {
    /// A permit for each connection that is lent or being made.
    places: Arc<Semaphore>,
    idle: Mutex<Vec<(Connection, tokio::time::Instant)>>,
}

impl Pool {
    /// A pool without connections.
    pub fn new(server: Server, most: usize) -> Self {
        Self { server, shared: Arc::new(Shared { places: Arc::new(Semaphore::new(most)), idle: Mutex::default() }) }
    }

    /// Lends a connection that is not broken: an idle one, or a new one. Waits while all are lent.
    pub async fn lend(&self) -> Result<Lent, Refused> {
        let places = Arc::clone(&self.shared.places);
        // From here on, every way out releases the permit.
        let place = places.acquire_owned().await.map_err(|_closed| Refused::Closed)?;
        let connection = match self.shared.take_idle() {
            Some(connection) => connection,
            None => self.server.connect().await.map_err(Refused::Server)?,
        };
        let shared = Arc::clone(&self.shared);
        Ok(Lent::new(connection, move |connection| {
            shared.put_back(connection);
            drop(place);
        }))
    }

    /// From now on nobody gets a connection: not whoever comes, and not whoever waits.
    pub fn close(&self) {
        self.shared.places.close();
        self.shared.idle().clear();
    }
}

impl Shared {
    fn take_idle(&self) -> Option<Connection> {
        let mut idle = self.idle();
        idle.retain(|(connection, since)| {
            !connection.is_broken() && since.elapsed() < std::time::Duration::from_secs(60)
        });
        idle.pop().map(|(connection, _)| connection)
    }

    fn put_back(&self, connection: Connection) {
        let mut idle = self.idle();
        if !self.places.is_closed() && !connection.is_broken() {
            idle.push((connection, tokio::time::Instant::now()));
        }
    }

    fn idle(&self) -> MutexGuard<'_, Vec<(Connection, tokio::time::Instant)>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
