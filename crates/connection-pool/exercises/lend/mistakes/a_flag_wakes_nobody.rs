//! "A flag closes the pool": later callers see it, but it does not wake the waiting callers.
//!
//! Caught by: refuses the waiting callers when it is closed

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

use tokio::sync::Semaphore;

use super::given::{Connection, Lent, Refused, Server};

pub struct Pool {
    server: Server,
    places: Arc<Semaphore>,
    idle: Arc<Mutex<Vec<Connection>>>,
    closed: Arc<AtomicBool>,
}

impl Pool {
    pub fn new(server: Server, most: usize) -> Self {
        Self { server, places: Arc::new(Semaphore::new(most)), idle: Arc::default(), closed: Arc::default() }
    }

    pub async fn lend(&self) -> Result<Lent, Refused> {
        if self.closed.load(Ordering::Relaxed) {
            return Err(Refused::Closed);
        }
        let place = Arc::clone(&self.places).acquire_owned().await.map_err(|_| Refused::Closed)?;
        let idle = self.take_idle();
        let connection = match idle {
            Some(connection) => connection,
            None => self.server.connect().await.map_err(Refused::Server)?,
        };
        let (closed, idle) = (Arc::clone(&self.closed), Arc::clone(&self.idle));
        Ok(Lent::new(connection, move |connection| {
            if !closed.load(Ordering::Relaxed) && !connection.is_broken() {
                idle.lock().unwrap().push(connection);
            }
            drop(place);
        }))
    }

    pub fn close(&self) {
        self.closed.store(true, Ordering::Relaxed);
        self.idle.lock().unwrap().clear();
    }

    fn take_idle(&self) -> Option<Connection> {
        let mut idle = self.idle.lock().unwrap();
        idle.retain(|connection| !connection.is_broken());
        idle.pop()
    }
}
