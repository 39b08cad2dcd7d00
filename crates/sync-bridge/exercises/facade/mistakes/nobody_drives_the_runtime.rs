//! "One thread is enough": it is the caller's thread, so no task runs between two calls.
//!
//! Caught by: keeps the connection alive between two calls

use tokio::runtime::{Builder, Runtime};

use super::given::{Client, NoPrice, Server};

pub struct Facade {
    client: Client,
    runtime: Option<Runtime>,
}

impl Facade {
    pub fn open(server: Server) -> Result<Self, NoPrice> {
        let runtime = Builder::new_current_thread().enable_all().build();
        let runtime = runtime.map_err(|error| NoPrice::Refused(error.to_string()))?;
        let client = runtime.block_on(server.connect())?;
        Ok(Self { client, runtime: Some(runtime) })
    }

    pub fn price(&self, thing: &str) -> Result<u32, NoPrice> {
        self.runtime.as_ref().ok_or(NoPrice::Closed)?.block_on(self.client.price(thing))
    }

    pub fn close(&self) {}
}

impl Drop for Facade {
    fn drop(&mut self) {
        self.runtime.take().map(Runtime::shutdown_background);
    }
}
