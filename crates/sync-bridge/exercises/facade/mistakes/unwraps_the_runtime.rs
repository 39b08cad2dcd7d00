//! "A runtime can always be made": a program with too many open files can make none.
//!
//! Caught by: returns an error when it can make no runtime, on Unix

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::runtime::{Builder, Handle, Runtime};

use super::given::{Client, NoPrice, Server};

/// Asks for prices in code without async.
pub struct Facade {
    client: Client,
    handle: Handle,
    /// Empty once it was closed.
    runtime: Mutex<Option<Runtime>>,
}

impl Facade {
    /// Connects, and blocks its thread until that is done.
    ///
    /// # Errors
    ///
    /// The client's error.
    pub fn open(server: Server) -> Result<Self, NoPrice> {
        // A worker thread of this runtime runs the connection, also between calls.
        let runtime = Builder::new_multi_thread().worker_threads(1).enable_all().build();
        let runtime = runtime.unwrap();
        let handle = runtime.handle().clone();
        let client = wait(&handle, async move { server.connect().await })?;
        Ok(Self { client, handle, runtime: Mutex::new(Some(runtime)) })
    }

    /// Asks for the price of a thing, and blocks its thread until the answer comes.
    ///
    /// # Errors
    ///
    /// The client's error, `Panicked` if the client panics, or `Closed` if the façade is closed before or during the call.
    pub fn price(&self, thing: &str) -> Result<u32, NoPrice> {
        let (client, thing) = (self.client.clone(), thing.to_owned());
        wait(&self.handle, async move { client.price(&thing).await })
    }

    /// Ends all calls, and returns when everything that the client has spawned is dropped.
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

/// Runs it as a task of the runtime. A panic, or the end of the runtime, ends only this task.
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
