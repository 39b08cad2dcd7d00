//! "An error is the only other way out": a caller that gives up loses the place.
//!
//! Caught by: loses no place when callers give up

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
        place.forget();
        let connection = match idle {
            Some(connection) => connection,
            None => match self.server.connect().await {
                Ok(connection) => connection,
                Err(failure) => {
                    self.places.add_permits(1);
                    return Err(Refused::Server(failure));
                }
            },
        };
        let (places, idle) = (Arc::clone(&self.places), Arc::clone(&self.idle));
        Ok(Lent::new(connection, move |connection| {
            if !places.is_closed() && !connection.is_broken() {
                idle.lock().unwrap().push(connection);
            }
            places.add_permits(1);
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
