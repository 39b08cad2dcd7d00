//! "`is_finished` tells me": the loop checks it a thousand times a second.
//!
//! Caught by: sleeps while it waits, on Linux

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::runtime::{Builder, Handle, Runtime};

use super::given::{Client, NoPrice, Server};

pub struct Facade {
    client: Client,
    handle: Handle,
    runtime: Mutex<Option<Runtime>>,
}

impl Facade {
    pub fn open(server: Server) -> Result<Self, NoPrice> {
        // A worker thread of this runtime runs the connection, also between calls.
        let runtime = Builder::new_multi_thread().worker_threads(1).enable_all().build();
        let runtime = runtime.map_err(|error| NoPrice::Refused(error.to_string()))?;
        let handle = runtime.handle().clone();
        let client = wait(&handle, async move { server.connect().await })?;
        Ok(Self { client, handle, runtime: Mutex::new(Some(runtime)) })
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
        self.runtime.lock().unwrap_or_else(PoisonError::into_inner).take()
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
    let task = handle.spawn(call);
    while !task.is_finished() {
        std::thread::sleep(Duration::from_millis(1));
    }
    match futures::executor::block_on(task) {
        Ok(answer) => answer,
        Err(error) if error.is_panic() => Err(NoPrice::Panicked),
        Err(_) => Err(NoPrice::Closed),
    }
}
