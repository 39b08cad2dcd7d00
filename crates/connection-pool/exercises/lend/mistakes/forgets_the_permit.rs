//! "The permit was only for the connect": it is forgotten, and its place is lost.
//!
//! Caught by: lends to the next caller when a connection comes back

use std::sync::{Arc, Mutex};

use tokio::sync::Semaphore;

use super::given::{Connection, Lent, Refused, Server};

pub struct Pool {
    server: Server,
    places: Arc<Semaphore>,
    idle: Arc<Mutex<Vec<Connection>>>,
}

impl Pool {
    pub fn new(server: Server, most: usize) -> Self {
        Self { server, places: Arc::new(Semaphore::new(most)), idle: Arc::default() }
    }

    pub async fn lend(&self) -> Result<Lent, Refused> {
        if let Some(connection) = self.take_idle() {
            return Ok(self.lent(connection));
        }
        let place = Arc::clone(&self.places).acquire_owned().await.map_err(|_| Refused::Closed)?;
        let connection = self.server.connect().await.map_err(Refused::Server)?;
        place.forget();
        Ok(self.lent(connection))
    }

    fn lent(&self, connection: Connection) -> Lent {
        let idle = Arc::clone(&self.idle);
        Lent::new(connection, move |connection| idle.lock().unwrap().push(connection))
    }

    pub fn close(&self) {
        self.places.close();
        self.idle.lock().unwrap().clear();
    }

    fn take_idle(&self) -> Option<Connection> {
        let mut idle = self.idle.lock().unwrap();
        idle.retain(|connection| !connection.is_broken());
        idle.pop()
    }
}
