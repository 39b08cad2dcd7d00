//! "I check again in a moment": the pool keeps a processor awake.
//!
//! Caught by: sleeps while nothing comes

use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::sync::{Semaphore, TryAcquireError};
use tokio::time::sleep;

use super::given::{Connection, Lent, Refused, Server};

pub struct Pool {
    server: Server,
    places: Arc<Semaphore>,
    idle: Arc<Mutex<Vec<Connection>>>,
    turns: tokio::sync::Mutex<()>,
}

impl Pool {
    pub fn new(server: Server, most: usize) -> Self {
        Self {
            server,
            places: Arc::new(Semaphore::new(most)),
            idle: Arc::default(),
            turns: tokio::sync::Mutex::default(),
        }
    }

    pub async fn lend(&self) -> Result<Lent, Refused> {
        let place = loop {
            match Arc::clone(&self.places).try_acquire_owned() {
                Ok(place) => break place,
                Err(TryAcquireError::Closed) => return Err(Refused::Closed),
                Err(TryAcquireError::NoPermits) => {}
            }
            let turn = self.turns.lock().await;
            while self.places.available_permits() == 0 && !self.places.is_closed() {
                sleep(Duration::from_millis(1)).await;
            }
            if let Ok(place) = Arc::clone(&self.places).try_acquire_owned() {
                break place;
            }
            drop(turn);
        };
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
