//! A pool of connections. README.md beside this file describes the task.

use super::given::{Lent, Refused, Server};

/// Lends a limited number of connections. Add the fields that it needs.
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

    /// From now on no caller gets a connection, neither a waiting one nor a later one.
    pub fn close(&self) {
        todo!()
    }
}
