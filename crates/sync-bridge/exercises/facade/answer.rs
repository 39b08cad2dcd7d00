//! A synchronous façade over an async client. README.md beside this file describes the task.

use super::given::{NoPrice, Server};

/// Asks for prices in code without async.
pub struct Facade {}

impl Facade {
    /// Connects, and blocks its thread until that is done.
    ///
    /// # Errors
    ///
    /// The client's error.
    pub fn open(server: Server) -> Result<Self, NoPrice> {
        todo!()
    }

    /// Asks for the price of a thing, and blocks its thread until the answer comes.
    ///
    /// # Errors
    ///
    /// The client's error, `Panicked` if the client panics, or `Closed` if the façade is closed before or during the call.
    pub fn price(&self, thing: &str) -> Result<u32, NoPrice> {
        todo!()
    }

    /// Ends all calls, and returns when everything that the client has spawned is dropped.
    pub fn close(&self) {
        todo!()
    }
}
