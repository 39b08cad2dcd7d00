//! "The woken caller gets it": a new caller that checks first takes it.
//!
//! Caught by: lends to the first caller in line

use std::sync::{Arc, Mutex};

use tokio::sync::Notify;

use super::given::{Connection, Lent, Refused, Server};

pub struct Pool {
    server: Server,
    state: Arc<Mutex<State>>,
    back: Arc<Notify>,
}

struct State {
    free: usize,
    idle: Vec<Connection>,
    closed: bool,
}

/// A place, which is free again at the end.
struct Place {
    state: Arc<Mutex<State>>,
    back: Arc<Notify>,
}

impl Drop for Place {
    fn drop(&mut self) {
        self.state.lock().unwrap().free += 1;
        self.back.notify_one();
    }
}

impl Pool {
    pub fn new(server: Server, most: usize) -> Self {
        let state = State { free: most, idle: Vec::new(), closed: false };
        Self { server, state: Arc::new(Mutex::new(state)), back: Arc::default() }
    }

    pub async fn lend(&self) -> Result<Lent, Refused> {
        loop {
            let back = self.back.notified();
            if let Some(found) = self.look() {
                let (place, idle) = found?;
                let connection = match idle {
                    Some(connection) => connection,
                    None => self.server.connect().await.map_err(Refused::Server)?,
                };
                let state = Arc::clone(&self.state);
                return Ok(Lent::new(connection, move |connection| {
                    let mut now = state.lock().unwrap();
                    if !now.closed && !connection.is_broken() {
                        now.idle.push(connection);
                    }
                    drop(now);
                    drop(place);
                }));
            }
            back.await;
        }
    }

    fn look(&self) -> Option<Result<(Place, Option<Connection>), Refused>> {
        let mut state = self.state.lock().unwrap();
        if state.closed {
            return Some(Err(Refused::Closed));
        }
        state.free = state.free.checked_sub(1)?;
        state.idle.retain(|connection| !connection.is_broken());
        let place = Place { state: Arc::clone(&self.state), back: Arc::clone(&self.back) };
        Some(Ok((place, state.idle.pop())))
    }

    pub fn close(&self) {
        let mut state = self.state.lock().unwrap();
        state.closed = true;
        state.idle.clear();
        self.back.notify_waiters();
    }
}
