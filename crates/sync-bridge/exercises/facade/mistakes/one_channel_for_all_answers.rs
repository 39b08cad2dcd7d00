//! "All answers come out of one channel": a caller takes the next answer, which may belong to another question.
//!
//! Caught by: answers forty threads at once

use std::sync::{Mutex, PoisonError, mpsc};
use std::time::Duration;

use tokio::runtime::{Builder, Handle, Runtime};

use super::given::{Client, NoPrice, Server};

type Answer = Result<u32, NoPrice>;

pub struct Facade {
    client: Client,
    handle: Handle,
    runtime: Mutex<Option<Runtime>>,
    send: mpsc::Sender<Answer>,
    answers: Mutex<mpsc::Receiver<Answer>>,
}

impl Facade {
    pub fn open(server: Server) -> Result<Self, NoPrice> {
        let runtime = Builder::new_multi_thread().worker_threads(1).enable_all().build();
        let runtime = runtime.map_err(|error| NoPrice::Refused(error.to_string()))?;
        let handle = runtime.handle().clone();
        let client = match handle.block_on(async { tokio::spawn(async move { server.connect().await }).await }) {
            Ok(client) => client?,
            Err(_) => return Err(NoPrice::Panicked),
        };
        let (send, answers) = mpsc::channel();
        Ok(Self { client, handle, runtime: Mutex::new(Some(runtime)), send, answers: Mutex::new(answers) })
    }

    pub fn price(&self, thing: &str) -> Result<u32, NoPrice> {
        let (client, thing, send) = (self.client.clone(), thing.to_owned(), self.send.clone());
        self.handle.spawn(async move {
            struct Says(mpsc::Sender<Answer>, Option<Answer>);
            impl Drop for Says {
                fn drop(&mut self) {
                    let panics = std::thread::panicking();
                    let or = if panics { NoPrice::Panicked } else { NoPrice::Closed };
                    let _ = self.0.send(self.1.take().unwrap_or(Err(or)));
                }
            }
            let mut says = Says(send, None);
            says.1 = Some(client.price(&thing).await);
        });
        self.answers.lock().unwrap_or_else(PoisonError::into_inner).recv().unwrap_or(Err(NoPrice::Closed))
    }

    pub fn close(&self) {
        let runtime = self.runtime.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(runtime) = runtime {
            runtime.shutdown_timeout(Duration::from_secs(10));
        }
    }
}

impl Drop for Facade {
    fn drop(&mut self) {
        if let Some(runtime) = self.runtime.lock().unwrap_or_else(PoisonError::into_inner).take() {
            runtime.shutdown_background();
        }
    }
}
