//! "A call needs a runtime": each call makes one, and connects in it.
//!
//! Caught by: asks over one connection

use tokio::runtime::Runtime;

use super::given::{Client, NoPrice, Server};

pub struct Facade {
    server: Server,
}

impl Facade {
    pub fn open(server: Server) -> Result<Self, NoPrice> {
        Ok(Self { server })
    }

    pub fn price(&self, thing: &str) -> Result<u32, NoPrice> {
        let runtime = Runtime::new().map_err(|error| NoPrice::Refused(error.to_string()))?;
        runtime.block_on(async { self.server.connect().await?.price(thing).await })
    }

    pub fn close(&self) {}
}
