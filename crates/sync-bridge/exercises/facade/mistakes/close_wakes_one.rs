//! "`notify_one` tells the callers": it wakes one, and the others wait for ever.
//!
//! Caught by: ends the calls that wait when it is closed

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::runtime::{Builder, Handle, Runtime};

use super::given::{Client, NoPrice, Server};

pub struct Facade {
    client: Client,
    handle: Handle,
    closing: std::sync::Arc<tokio::sync::Notify>,
    closed: std::sync::atomic::AtomicBool,
    runtime: Mutex<Option<Runtime>>,
}

impl Facade {
    pub fn open(server: Server) -> Result<Self, NoPrice> {
        // A worker thread of this runtime runs the connection, also between calls.
        let runtime = Builder::new_multi_thread().worker_threads(1).enable_all().build();
        let runtime = runtime.map_err(|error| NoPrice::Refused(error.to_string()))?;
        let handle = runtime.handle().clone();
        let client = wait(&handle, async move { server.connect().await })?;
        Ok(Self {
            closing: Default::default(),
            closed: Default::default(),
            client,
            handle,
            runtime: Mutex::new(Some(runtime)),
        })
    }

    pub fn price(&self, thing: &str) -> Result<u32, NoPrice> {
        if self.closed.load(std::sync::atomic::Ordering::SeqCst) {
            return Err(NoPrice::Closed);
        }
        let (client, thing, closing) = (self.client.clone(), thing.to_owned(), self.closing.clone());
        let (send, receive) = std::sync::mpsc::channel();
        let call = self.handle.spawn(async move { client.price(&thing).await });
        let _keeps_the_channel = send.clone();
        self.handle.spawn(async move {
            let answer = tokio::select! {
                ended = call => ended.unwrap_or_else(|error| Err(if error.is_panic() { NoPrice::Panicked } else { NoPrice::Closed })),
                () = closing.notified() => Err(NoPrice::Closed),
            };
            let _ = send.send(answer);
        });
        receive.recv().unwrap_or(Err(NoPrice::Closed))
    }

    pub fn close(&self) {
        self.closed.store(true, std::sync::atomic::Ordering::SeqCst);
        self.closing.notify_one();
        std::thread::sleep(Duration::from_millis(20));
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
    match handle.block_on(async { tokio::spawn(call).await }) {
        Ok(answer) => answer,
        Err(error) if error.is_panic() => Err(NoPrice::Panicked),
        Err(_) => Err(NoPrice::Closed),
    }
}
