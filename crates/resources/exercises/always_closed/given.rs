//! What the answer of `resources/always_closed` is given.

use exam::{Failure, Service};

/// What can be opened.
#[derive(Clone, Debug)]
pub struct Resource {
    pub(super) open: Service,
    pub(super) close: Service,
}

impl Resource {
    /// Opens a connection.
    ///
    /// # Errors
    ///
    /// If the resource refuses.
    pub async fn open(&self) -> Result<Connection, Failure> {
        self.open.ask().await?;
        Ok(Connection { close: self.close.clone() })
    }
}

/// An open connection; clones are the same connection.
#[derive(Clone, Debug)]
pub struct Connection {
    close: Service,
}

impl Connection {
    /// Closes the connection.
    ///
    /// # Errors
    ///
    /// If the close fails. The connection is not open any more.
    pub fn close(&self) -> impl Future<Output = Result<(), Failure>> + Send + use<> {
        let close = self.close.clone();
        // A future that nobody polls has not begun to close.
        async move { close.ask().await.map(drop) }
    }
}
