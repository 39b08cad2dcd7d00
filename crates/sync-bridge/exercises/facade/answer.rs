//! A synchronous façade over an async client: README.md beside this file says what is wanted.

use super::given::{NoPrice, Server};

/// Asks for prices in code without async.
pub struct Facade {}

impl Facade {
    /// Connects, and blocks its thread meanwhile.
    ///
    /// # Errors
    ///
    /// What the client returns.
    pub fn open(server: Server) -> Result<Self, NoPrice> {
        todo!()
    }

    /// Asks for the price of a thing, and blocks its thread meanwhile.
    ///
    /// # Errors
    ///
    /// What the client returns; `Panicked` if the client panics; `Closed` if the façade is closed, before the call or during it.
    pub fn price(&self, thing: &str) -> Result<u32, NoPrice> {
        todo!()
    }

    /// Ends all calls, and returns when everything that the client has spawned is dropped.
    pub fn close(&self) {
        todo!()
    }
}
