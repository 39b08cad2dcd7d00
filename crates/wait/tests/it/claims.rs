//! Every claim of the chapter.

#![allow(clippy::unwrap_used, reason = "in a test a panic is the report")]

mod a_timeout_of_zero;
mod asyncio;
mod futurelock;
mod hedged;
mod more_than_the_budget;
mod select;
mod twin;
mod waiting;
mod what_an_abort_leaves;

use std::future::pending;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::sync::atomic::Ordering::SeqCst;
use std::time::Duration;

use room::{everywhere, on_one_thread, on_the_paused_clock, on_the_real_clock, with_several_workers};
use timeline::LaneExt;
use tokio::runtime::Handle;
use tokio::sync::oneshot;
use tokio::task::{JoinSet, yield_now};
use tokio::time::{sleep, timeout};
use wait::ReturnWhen::{AllCompleted, FirstCompleted, FirstException};
use wait::{Ended, hedged, wait};

use crate::{Answer, answer};

type Done = Vec<Ended<&'static str, &'static str>>;

/// So many tasks, all of which have ended, one after another. Each returns its number.
async fn ended(count: u32) -> JoinSet<Result<u32, ()>> {
    let (others, mut tasks) = (alive(), JoinSet::new());
    for number in 0..count {
        tasks.spawn(async move { Ok(number) });
        at_most_alive(others).await;
    }
    tasks
}

/// How many tasks there are. A task counts until it has told its end to whoever waits for it.
fn alive() -> usize {
    Handle::current().metrics().num_alive_tasks()
}

/// Waits until there are no more tasks than this.
async fn at_most_alive(count: usize) {
    while alive() > count {
        yield_now().await;
    }
}

/// What these tasks returned.
fn numbers(done: Vec<Ended<u32, ()>>) -> Vec<u32> {
    done.into_iter().map(|ended| ended.unwrap().unwrap()).collect()
}
