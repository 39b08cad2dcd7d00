//! "A hundred idle connections are enough": the others are closed, and the next callers connect again.
//!
//! Caught by: lends as many as it may

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::Semaphore;

use super::given::{Connection, Lent, Refused, Server};

/// Lends a limited number of connections.
pub struct Pool {
    server: Server,
    shared: Arc<Shared>,
}

struct Shared {
    /// A permit for each connection that is lent or being made.
    places: Arc<Semaphore>,
    idle: Mutex<Vec<Connection>>,
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

    /// From now on no caller gets a connection, neither a waiting one nor a later one.
    pub fn close(&self) {
        self.shared.places.close();
        self.shared.idle().clear();
    }
}

impl Shared {
    fn take_idle(&self) -> Option<Connection> {
        let mut idle = self.idle();
        idle.retain(|connection| !connection.is_broken());
        idle.pop()
    }

    fn put_back(&self, connection: Connection) {
        let mut idle = self.idle();
        if !self.places.is_closed() && !connection.is_broken() && idle.len() < 100 {
            idle.push(connection);
        }
    }

    fn idle(&self) -> MutexGuard<'_, Vec<Connection>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
