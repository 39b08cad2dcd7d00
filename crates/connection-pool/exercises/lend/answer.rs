//! A pool of connections: README.md beside this file says what is wanted.

use super::given::{Lent, Refused, Server};

/// Lends at most so many connections; give it what it needs.
pub struct Pool {}

impl Pool {
    /// A pool without connections.
    pub fn new(server: Server, most: usize) -> Self {
        Self {}
    }

    /// Lends a connection that is not broken: an idle one, or a new one. Waits while all are lent.
    ///
    /// `Lent::new(connection, move |connection| ...)` calls the closure when the caller drops it.
    pub async fn lend(&self) -> Result<Lent, Refused> {
        todo!()
    }

    /// From now on nobody gets a connection: not whoever comes, and not whoever waits.
    pub fn close(&self) {
        todo!()
    }
}
