//! Every claim of the chapter.

#![allow(clippy::unwrap_used, reason = "in a test a panic is the report")]

mod a_timeout_of_zero;
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
use tokio::sync::oneshot;
use tokio::task::{JoinSet, yield_now};
use tokio::time::{sleep, timeout};
use wait::ReturnWhen::{AllCompleted, FirstCompleted, FirstException};
use wait::{Ended, hedged, wait};

use crate::{Answer, answer};

type Done = Vec<Ended<&'static str, &'static str>>;

/// So many tasks, all of which have ended, one after another. Each returns its number.
async fn ended(count: u32) -> JoinSet<Result<u32, ()>> {
    let mut tasks = JoinSet::new();
    for number in 0..count {
        let task = tasks.spawn(async move { Ok(number) });
        while !task.is_finished() {
            yield_now().await;
        }
    }
    tasks
}

/// What these tasks returned.
fn numbers(done: Vec<Ended<u32, ()>>) -> Vec<u32> {
    done.into_iter().map(|ended| ended.unwrap().unwrap()).collect()
}
