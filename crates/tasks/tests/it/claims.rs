//! Every claim of the chapter, proven.

#![allow(clippy::unwrap_used, reason = "in a test a panic is the report")]

mod asyncio;
mod four_ends;
mod local_tasks;
mod owners;
mod starting;
mod twin;
mod watching;

use std::cell::Cell;
use std::future::pending;
use std::rc::Rc;
use std::sync::{Arc, mpsc as blocking};
use std::time::Duration;

use room::{everywhere, on_one_thread, with_several_workers};
use tasks::{Crew, End, naive, watch};
use tokio::sync::oneshot;
use tokio::task::{JoinHandle, JoinSet, LocalSet, yield_now};
use tokio::time::sleep;
use tokio_util::task::TaskTracker;

fn ms(milliseconds: u64) -> Duration {
    Duration::from_millis(milliseconds)
}

/// How a task of these tests ends.
type Ended = Result<(), &'static str>;

/// A task that ends in each of the four ways: the last one has to be aborted.
async fn four_ways(name: &str) -> Ended {
    match name {
        "finishes" => Ok(()),
        "fails" => Err("refused"),
        "panics" => panic!("a bug"),
        _ => pending().await,
    }
}

const NAMES: [&str; 4] = ["finishes", "fails", "panics", "is aborted"];

/// The four ends that belong to these names.
fn four_ends() -> Vec<(String, End<&'static str>)> {
    let ends = [End::Finished, End::Failed("refused"), End::Panicked("a bug".to_owned()), End::Cancelled];
    NAMES.map(str::to_owned).into_iter().zip(ends).collect()
}

/// Waits until every task of the runtime has ended. Their handles may keep what they returned.
async fn all_have_ended() {
    while tokio::runtime::Handle::current().metrics().num_alive_tasks() > 0 {
        yield_now().await;
    }
}
