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

use std::any::Any;
use std::cell::Cell;
use std::collections::BTreeMap;
use std::future::{pending, poll_fn, ready};
use std::panic::AssertUnwindSafe;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::sync::atomic::Ordering::SeqCst;
use std::time::Duration;

use exam::cancel_at_every_await;
use futures::FutureExt;
use futures::future::BoxFuture;
use room::{World, everywhere, on_one_thread, on_the_paused_clock, on_the_real_clock, with_several_workers};
use timeline::{LaneExt, Recording};
use tokio::runtime::Handle;
use tokio::sync::{Mutex, Notify, Semaphore, mpsc, oneshot};
use tokio::task::{AbortHandle, JoinError, JoinSet, yield_now};
use tokio::time::{interval, sleep, timeout};
use tokio::{join, select};
use wait::ReturnWhen::{AllCompleted, FirstCompleted, FirstException};
use wait::{Ended, hedged, naive, race, wait, with_notice};

type Answer = Result<&'static str, &'static str>;
type Done = Vec<Ended<&'static str, &'static str>>;

const fn ms(milliseconds: u64) -> Duration {
    Duration::from_millis(milliseconds)
}

/// Answers with its name after so many milliseconds.
async fn answer(name: &'static str, milliseconds: u64) -> Answer {
    sleep(ms(milliseconds)).await;
    Ok(name)
}

/// Lets others run once, and panics.
async fn panicking() -> Answer {
    yield_now().await;
    panic!("boom")
}

/// Says that it has started, and never ends.
async fn endless(started: Arc<Semaphore>) -> Answer {
    started.add_permits(1);
    pending().await
}

/// Waits until so many have said that they have started.
async fn have_started(started: &Semaphore, count: u32) {
    started.acquire_many(count).await.unwrap().forget();
}

/// So many tasks, all of which have ended, one after another. Each returns its number.
async fn ended(count: u32) -> JoinSet<Result<u32, ()>> {
    let (others, mut tasks) = (alive(), JoinSet::new());
    for number in 0..count {
        tasks.spawn(async move { Ok(number) });
        at_most_alive(others).await;
    }
    tasks
}

/// What tells the tasks of [`cast`] to end.
struct Cues(BTreeMap<&'static str, oneshot::Sender<Answer>>);

impl Cues {
    /// Ends the task of this name with its name, and returns when it has ended.
    async fn end(&mut self, name: &'static str) {
        self.end_with(name, Ok(name)).await;
    }

    /// Ends the task of this name with its name as its error, and returns when it has ended.
    async fn fail(&mut self, name: &'static str) {
        self.end_with(name, Err(name)).await;
    }

    async fn end_with(&mut self, name: &'static str, answer: Answer) {
        let before = alive();
        self.0.remove(name).unwrap().send(answer).unwrap();
        at_most_alive(before - 1).await;
    }
}

/// Tasks of these names, which are also their lanes. They end when they are told to.
fn cast<const N: usize>(names: [&'static str; N]) -> (JoinSet<Answer>, Cues) {
    let (mut tasks, mut cues) = (JoinSet::new(), BTreeMap::new());
    for name in names {
        let (cue, told) = oneshot::channel();
        cues.insert(name, cue);
        tasks.spawn(async move { told.await.unwrap() }.try_lane(name));
    }
    (tasks, Cues(cues))
}

/// Polls a future once. Returns whether it is still pending.
fn is_pending(future: Pin<&mut impl Future>) -> bool {
    future.now_or_never().is_none()
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

/// What a panic said.
fn message(panic: &(dyn Any + Send)) -> &str {
    panic.downcast_ref::<&str>().copied().or_else(|| Some(panic.downcast_ref::<String>()?)).unwrap_or_default()
}
