//! "I give it to the next in the queue": the next caller has just left, and the connection is lost with it.
//!
//! Caught by: loses no place when a caller leaves as its turn comes

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

use tokio::sync::oneshot;

use super::given::{Connection, Lent, Refused, Server};

pub struct Pool {
    server: Server,
    state: Arc<Mutex<State>>,
}

/// A place, and a connection if there is one.
type Turn = (Place, Option<Connection>);

struct State {
    free: usize,
    idle: Vec<Connection>,
    queue: VecDeque<oneshot::Sender<Turn>>,
    closed: bool,
}

impl State {
    fn take_idle(&mut self) -> Option<Connection> {
        self.idle.retain(|connection| !connection.is_broken());
        self.idle.pop()
    }
}

struct Place {
    state: Arc<Mutex<State>>,
}

impl Place {
    fn pass_on(self) {
        let mut turn = self;
        loop {
            let state = Arc::clone(&turn.state);
            let mut now = state.lock().unwrap();
            let Some(next) = now.queue.pop_front() else {
                now.free += 1;
                return;
            };
            let idle = now.take_idle();
            drop(now);
            match next.send((turn, idle)) {
                Ok(()) => return,
                Err((back, idle)) => {
                    state.lock().unwrap().idle.extend(idle);
                    turn = back;
                }
            }
        }
    }
}

/// On the way out of a connect that failed or was dropped.
struct Guard(Option<Place>);

impl Drop for Guard {
    fn drop(&mut self) {
        if let Some(place) = self.0.take() {
            place.pass_on();
        }
    }
}

impl Pool {
    pub fn new(server: Server, most: usize) -> Self {
        let state = State { free: most, idle: Vec::new(), queue: VecDeque::new(), closed: false };
        Self { server, state: Arc::new(Mutex::new(state)) }
    }

    pub async fn lend(&self) -> Result<Lent, Refused> {
        let (place, idle) = match self.look()? {
            Ok(turn) => turn,
            Err(waits) => waits.await.map_err(|_| Refused::Closed)?,
        };
        let mut guard = Guard(Some(place));
        let connection = match idle {
            Some(connection) => connection,
            None => self.server.connect().await.map_err(Refused::Server)?,
        };
        let (state, place) = (Arc::clone(&self.state), guard.0.take());
        Ok(Lent::new(connection, move |connection| {
            let mut now = state.lock().unwrap();
            if !now.closed && !connection.is_broken() {
                now.idle.push(connection);
            }
            drop(now);
            drop(Guard(place));
        }))
    }

    fn look(&self) -> Result<Result<Turn, oneshot::Receiver<Turn>>, Refused> {
        let mut state = self.state.lock().unwrap();
        if state.closed {
            return Err(Refused::Closed);
        }
        if state.free == 0 {
            let (turn, waits) = oneshot::channel();
            state.queue.push_back(turn);
            return Ok(Err(waits));
        }
        state.free -= 1;
        let idle = state.take_idle();
        Ok(Ok((Place { state: Arc::clone(&self.state) }, idle)))
    }

    pub fn close(&self) {
        let mut state = self.state.lock().unwrap();
        state.closed = true;
        state.idle.clear();
        state.queue.clear();
    }
}
