//! "`close` sends the waiting callers away": a later caller still gets a connection.
//!
//! Caught by: refuses later callers when it is closed

use std::sync::{Arc, Mutex};

use tokio::sync::{Semaphore, watch};

use super::given::{Connection, Lent, Refused, Server};

pub struct Pool {
    server: Server,
    places: Arc<Semaphore>,
    idle: Arc<Mutex<Vec<Connection>>>,
    closed: watch::Sender<bool>,
}

impl Pool {
    pub fn new(server: Server, most: usize) -> Self {
        Self { server, places: Arc::new(Semaphore::new(most)), idle: Arc::default(), closed: watch::Sender::new(false) }
    }

    pub async fn lend(&self) -> Result<Lent, Refused> {
        let mut closed = self.closed.subscribe();
        let place = tokio::select! {
            biased;
            _ = closed.changed() => return Err(Refused::Closed),
            place = Arc::clone(&self.places).acquire_owned() => place.map_err(|_| Refused::Closed)?,
        };
        let idle = self.take_idle();
        let connection = match idle {
            Some(connection) => connection,
            None => self.server.connect().await.map_err(Refused::Server)?,
        };
        let (closed, idle) = (self.closed.subscribe(), Arc::clone(&self.idle));
        Ok(Lent::new(connection, move |connection| {
            if !*closed.borrow() && !connection.is_broken() {
                idle.lock().unwrap().push(connection);
            }
            drop(place);
        }))
    }

    pub fn close(&self) {
        self.closed.send_replace(true);
        self.idle.lock().unwrap().clear();
    }

    fn take_idle(&self) -> Option<Connection> {
        let mut idle = self.idle.lock().unwrap();
        idle.retain(|connection| !connection.is_broken());
        idle.pop()
    }
}
