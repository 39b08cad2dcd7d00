//! "After a panic, the loop starts again": all calls that were under way are lost.
//!
//! Caught by: returns an error when the client panics, and goes on

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Mutex, PoisonError, mpsc};
use std::thread::{self, JoinHandle};

use futures::StreamExt;
use futures::stream::FuturesUnordered;
use tokio::runtime::Builder;
use tokio::sync::mpsc::{UnboundedSender, unbounded_channel};

use super::given::{NoPrice, Server};

type Reply = mpsc::Sender<Result<u32, NoPrice>>;

pub struct Facade {
    questions: Mutex<Option<UnboundedSender<(String, Reply)>>>,
    thread: Mutex<Option<JoinHandle<()>>>,
}

impl Facade {
    pub fn open(server: Server) -> Result<Self, NoPrice> {
        let (questions, mut asked) = unbounded_channel::<(String, Reply)>();
        let (opened, is_open) = mpsc::channel();
        let thread = thread::spawn(move || {
            let runtime = Builder::new_current_thread().enable_all().build().expect("a runtime");
            let client = match catch_unwind(AssertUnwindSafe(|| runtime.block_on(server.connect()))) {
                Ok(Ok(client)) => client,
                Ok(Err(error)) => return drop(opened.send(Err(error))),
                Err(_) => return drop(opened.send(Err(NoPrice::Panicked))),
            };
            let _ = opened.send(Ok(()));
            loop {
                let ended = catch_unwind(AssertUnwindSafe(|| {
                    runtime.block_on(async {
                        let answer = async |(thing, reply): (String, Reply)| {
                            struct OnPanic(Option<Reply>);
                            impl Drop for OnPanic {
                                fn drop(&mut self) {
                                    if let Some(reply) = self.0.take() {
                                        let _ = reply.send(Err(if thread::panicking() {
                                            NoPrice::Panicked
                                        } else {
                                            NoPrice::Closed
                                        }));
                                    }
                                }
                            }
                            let mut guard = OnPanic(Some(reply));
                            let price = client.price(&thing).await;
                            if let Some(reply) = guard.0.take() {
                                let _ = reply.send(price);
                            }
                        };
                        let mut calls = FuturesUnordered::new();
                        loop {
                            tokio::select! {
                                question = asked.recv() => match question {
                                    Some(question) => calls.push(answer(question)),
                                    None => return,
                                },
                                Some(()) = calls.next() => {}
                            }
                        }
                    })
                }));
                if ended.is_ok() {
                    return;
                }
            }
        });
        is_open.recv().map_err(|_| NoPrice::Closed)??;
        Ok(Self { questions: Mutex::new(Some(questions)), thread: Mutex::new(Some(thread)) })
    }

    pub fn price(&self, thing: &str) -> Result<u32, NoPrice> {
        let (reply, answer) = mpsc::channel();
        let questions = self.questions.lock().unwrap_or_else(PoisonError::into_inner).clone().ok_or(NoPrice::Closed)?;
        questions.send((thing.to_owned(), reply)).map_err(|_| NoPrice::Closed)?;
        drop(questions);
        answer.recv().map_err(|_| NoPrice::Closed)?
    }

    pub fn close(&self) {
        drop(self.questions.lock().unwrap_or_else(PoisonError::into_inner).take());
        if let Some(thread) = self.thread.lock().unwrap_or_else(PoisonError::into_inner).take() {
            let _ = thread.join();
        }
    }
}
