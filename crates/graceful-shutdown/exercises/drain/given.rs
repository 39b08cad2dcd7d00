//! What the answer of `graceful-shutdown/drain` is given.

use exam::Service;
use tokio::sync::oneshot;

/// What a client wants.
#[derive(Debug)]
pub struct Request {
    /// The number of the request.
    pub number: u32,
    /// Tells the client.
    pub reply: oneshot::Sender<()>,
}

/// How a server ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// In order.
    Drained {
        /// How many requests were aborted.
        aborted: usize,
    },
    /// At the second signal.
    AtOnce,
}

/// Where the work is done; clones are the same shop.
#[derive(Clone, Debug)]
pub struct Shop {
    pub(super) work: Service,
    pub(super) mail: Service,
    pub(super) flush: Service,
}

impl Shop {
    /// Does the work of a request.
    pub fn work(&self, number: u32) -> impl Future<Output = ()> + Send + use<> {
        quiet(self.work.clone(), number.to_string())
    }

    /// Sends the mail of a request.
    pub fn mail(&self, number: u32) -> impl Future<Output = ()> + Send + use<> {
        quiet(self.mail.clone(), number.to_string())
    }

    /// Writes what the work has left in memory.
    pub fn flush(&self) -> impl Future<Output = ()> + Send + use<> {
        quiet(self.flush.clone(), String::new())
    }
}

/// No service of this shop fails, and no call begins before its first poll.
async fn quiet(service: Service, input: String) {
    _ = service.call(&input).await;
}
