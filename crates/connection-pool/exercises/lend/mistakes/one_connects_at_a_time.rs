//! "A lock makes it safe": it is held during the connect, and delays all other callers.
//!
//! Caught by: connects for two callers at once

use std::sync::{Arc, Mutex};

use tokio::sync::Semaphore;

use super::given::{Connection, Lent, Refused, Server};

pub struct Pool {
    server: Server,
    places: Arc<Semaphore>,
    idle: Arc<Mutex<Vec<Connection>>>,
    one: tokio::sync::Mutex<()>,
}

impl Pool {
    pub fn new(server: Server, most: usize) -> Self {
        Self {
            server,
            places: Arc::new(Semaphore::new(most)),
            idle: Arc::default(),
            one: tokio::sync::Mutex::default(),
        }
    }

    pub async fn lend(&self) -> Result<Lent, Refused> {
        let place = Arc::clone(&self.places).acquire_owned().await.map_err(|_| Refused::Closed)?;
        let _one = self.one.lock().await;
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
        let mut idle = self.idle.lock().unwrap();
        idle.retain(|connection| !connection.is_broken());
        idle.pop()
    }
}
