//! "One runtime is enough for a program": the first façade that is closed ends it for all.
//!
//! Caught by: leaves another façade alone

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::runtime::{Builder, Handle, Runtime};

use super::given::{Client, NoPrice, Server};

static RUNTIME: Mutex<Option<Runtime>> = Mutex::new(None);

pub struct Facade {
    client: Client,
    handle: Handle,
}

impl Facade {
    pub fn open(server: Server) -> Result<Self, NoPrice> {
        // A worker thread of this runtime runs the connection, also between calls.
        let mut runtime = RUNTIME.lock().unwrap_or_else(PoisonError::into_inner);
        if runtime.is_none() {
            let built = Builder::new_multi_thread().worker_threads(1).enable_all().build();
            *runtime = Some(built.map_err(|error| NoPrice::Refused(error.to_string()))?);
        }
        let handle = runtime.as_ref().expect("just made").handle().clone();
        drop(runtime);
        let client = wait(&handle, async move { server.connect().await })?;
        Ok(Self { client, handle })
    }

    pub fn price(&self, thing: &str) -> Result<u32, NoPrice> {
        let (client, thing) = (self.client.clone(), thing.to_owned());
        wait(&self.handle, async move { client.price(&thing).await })
    }

    pub fn close(&self) {
        if let Some(runtime) = self.take() {
            runtime.shutdown_timeout(Duration::from_secs(10));
        }
    }

    fn take(&self) -> Option<Runtime> {
        RUNTIME.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}

impl Drop for Facade {
    fn drop(&mut self) {
        // Does not block, so async code may drop it.
        if let Some(runtime) = self.take() {
            runtime.shutdown_background();
        }
    }
}

fn wait<T: Send + 'static>(
    handle: &Handle,
    call: impl Future<Output = Result<T, NoPrice>> + Send + 'static,
) -> Result<T, NoPrice> {
    match handle.block_on(async { tokio::spawn(call).await }) {
        Ok(answer) => answer,
        Err(error) if error.is_panic() => Err(NoPrice::Panicked),
        Err(_) => Err(NoPrice::Closed),
    }
}
