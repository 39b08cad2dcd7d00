//! "It was fine when it came back": it broke while it was idle.
//!
//! Caught by: drops a connection that broke while idle

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
        let place = Arc::clone(&self.places).acquire_owned().await.map_err(|_| Refused::Closed)?;
        let idle = self.take_idle();
        let connection = match idle {
            Some(connection) => connection,
            None => self.server.connect().await.map_err(Refused::Server)?,
        };
        let (places, idle) = (Arc::clone(&self.places), Arc::clone(&self.idle));
        Ok(Lent::new(connection, move |connection| {
            if !places.is_closed() && !connection.is_broken() {
                idle.lock().unwrap().push(connection);
            }
            drop(place);
        }))
    }

    pub fn close(&self) {
        self.places.close();
        self.idle.lock().unwrap().clear();
    }

    fn take_idle(&self) -> Option<Connection> {
        self.idle.lock().unwrap().pop()
    }
}
