//! "A pause of 100 ms after each call makes ten a second": this adds the time of the call.
//!
//! Caught by: starts the next call while others are under way

use std::time::Duration;

use tokio::sync::mpsc;
use tokio::time::sleep;

use super::given::{Backend, Call};

pub async fn serve(mut calls: mpsc::Receiver<Call>, backend: Backend) {
    while let Some(call) = calls.recv().await {
        _ = call.reply.send(Ok(backend.ask(call.id).await));
        sleep(Duration::from_millis(100)).await;
    }
}
