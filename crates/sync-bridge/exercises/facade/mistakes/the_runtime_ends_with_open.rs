//! "I keep the client": but the runtime of its connection is dropped.
//!
//! Caught by: asks over one connection

use tokio::runtime::Runtime;

use super::given::{Client, NoPrice, Server};

fn wait<T>(call: impl Future<Output = Result<T, NoPrice>>) -> Result<T, NoPrice> {
    Runtime::new().map_err(|error| NoPrice::Refused(error.to_string()))?.block_on(call)
}

pub struct Facade {
    client: Client,
}

impl Facade {
    pub fn open(server: Server) -> Result<Self, NoPrice> {
        Ok(Self { client: wait(server.connect())? })
    }

    pub fn price(&self, thing: &str) -> Result<u32, NoPrice> {
        wait(self.client.price(thing))
    }

    pub fn close(&self) {}
}
