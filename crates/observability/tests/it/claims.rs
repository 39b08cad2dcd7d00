//! Every claim of the chapter, proven.

#![allow(clippy::unwrap_used, reason = "in a test a panic is the report")]

mod asyncio;
mod lag;
mod logs;
mod reports;
mod slow;
mod twin;
mod waits;

use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use futures::FutureExt;
use room::World;
use tokio::task::JoinSet;
use tokio::time::advance;

const HOUR: Duration = Duration::from_hours(1);
const LOOK: Duration = ms(10);

const fn ms(milliseconds: u64) -> Duration {
    Duration::from_millis(milliseconds)
}

/// Keeps the thread for so long. On the paused clock, the time passes within the poll, as with a thread that sleeps.
fn block(world: World, time: Duration) {
    if world.is_paused() {
        // Its first poll moves the clock; the rest would only yield.
        _ = advance(time).now_or_never();
    } else {
        thread::sleep(time);
    }
}

/// What a `tell` was told.
#[derive(Clone)]
struct Told<T>(Arc<Mutex<Vec<T>>>);

impl<T: Clone> Told<T> {
    fn new() -> Self {
        Self(Arc::default())
    }

    fn hear(&self) -> impl FnMut(T) + use<T> {
        let told = Arc::clone(&self.0);
        move |told_now| told.lock().unwrap().push(told_now)
    }

    fn all(&self) -> Vec<T> {
        self.0.lock().unwrap().clone()
    }
}

/// A task that ends with what this returns.
fn in_the_background<F: Future<Output: Send> + Send + 'static>(future: F) -> JoinSet<F::Output> {
    let mut tasks = JoinSet::new();
    tasks.spawn(future);
    tasks
}
