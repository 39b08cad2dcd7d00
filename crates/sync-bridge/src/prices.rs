//! A typical async client: to connect, it spawns a task that keeps the connection.

use std::convert::Infallible;
use std::time::Duration;

use tokio::sync::mpsc;
use tokio::time::sleep;

/// Asks for prices over one connection. Clones share it.
#[derive(Clone, Debug)]
pub struct Prices {
    /// The connection's task has the other end.
    connection: mpsc::Sender<Infallible>,
}

/// The connection's task has ended: the runtime that ran it is gone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the connection is closed")]
pub struct Closed;

impl Prices {
    /// Connects, which takes this long, and spawns the connection's task on the current runtime.
    ///
    /// # Panics
    ///
    /// When polled outside a Tokio runtime.
    pub async fn connect(takes: Duration) -> Self {
        sleep(takes).await;
        let (connection, mut requests) = mpsc::channel(1);
        tokio::spawn(async move { requests.recv().await });
        Self { connection }
    }

    /// Asks for the price of a thing. The answer takes this long.
    ///
    /// Cancel safe: yes.
    ///
    /// # Errors
    ///
    /// If the connection is closed.
    pub async fn ask(&self, thing: &str, takes: Duration) -> Result<usize, Closed> {
        tokio::select! {
            biased;
            () = self.connection.closed() => Err(Closed),
            () = sleep(takes) => Ok(thing.len()),
        }
    }
}
