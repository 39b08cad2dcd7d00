//! "A thread with a loop answers the calls": one panic ends the thread, and all later calls fail.
//!
//! Caught by: returns an error when the client panics, and goes on

use std::sync::mpsc;
use std::thread;

use futures::StreamExt;
use futures::stream::FuturesUnordered;
use tokio::runtime::Builder;

use super::given::{Client, NoPrice, Server};

type Reply = mpsc::Sender<Result<u32, NoPrice>>;

pub struct Facade {
    questions: tokio::sync::mpsc::UnboundedSender<(String, Reply)>,
}

impl Facade {
    pub fn open(server: Server) -> Result<Self, NoPrice> {
        let (questions, mut asked) = tokio::sync::mpsc::unbounded_channel::<(String, Reply)>();
        let (opened, is_open) = mpsc::channel();
        thread::spawn(move || {
            let runtime = Builder::new_current_thread().enable_all().build().expect("a runtime");
            runtime.block_on(async {
                let client = match server.connect().await {
                    Ok(client) => client,
                    Err(error) => return drop(opened.send(Err(error))),
                };
                let _ = opened.send(Ok(()));
                let answer = async |(thing, reply): (String, Reply)| drop(reply.send(client.price(&thing).await));
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
            });
        });
        is_open.recv().map_err(|_| NoPrice::Closed)??;
        Ok(Self { questions })
    }

    pub fn price(&self, thing: &str) -> Result<u32, NoPrice> {
        let (reply, answer) = mpsc::channel();
        self.questions.send((thing.to_owned(), reply)).map_err(|_| NoPrice::Closed)?;
        answer.recv().map_err(|_| NoPrice::Panicked)?
    }

    pub fn close(&self) {}
}
