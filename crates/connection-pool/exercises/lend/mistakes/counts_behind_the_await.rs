//! "There is room for one more": several callers see the same number before the await ends.
//!
//! Caught by: makes no more connections than it may

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use tokio::sync::Notify;

use super::given::{Connection, Lent, Refused, Server};

pub struct Pool {
    server: Server,
    most: usize,
    made: Arc<AtomicUsize>,
    idle: Arc<Mutex<Vec<Connection>>>,
    back: Arc<Notify>,
}

impl Pool {
    pub fn new(server: Server, most: usize) -> Self {
        Self { server, most, made: Arc::default(), idle: Arc::default(), back: Arc::default() }
    }

    pub async fn lend(&self) -> Result<Lent, Refused> {
        loop {
            let idle = self.idle.lock().unwrap().pop();
            if let Some(connection) = idle {
                return Ok(self.lent(connection));
            }
            if self.made.load(Ordering::Relaxed) < self.most {
                let connection = self.server.connect().await.map_err(Refused::Server)?;
                self.made.fetch_add(1, Ordering::Relaxed);
                return Ok(self.lent(connection));
            }
            self.back.notified().await;
        }
    }

    fn lent(&self, connection: Connection) -> Lent {
        let (idle, back) = (Arc::clone(&self.idle), Arc::clone(&self.back));
        Lent::new(connection, move |connection| {
            idle.lock().unwrap().push(connection);
            back.notify_one();
        })
    }

    pub fn close(&self) {
        self.idle.lock().unwrap().clear();
    }
}
