//! Every claim of the chapter, proven.

#![allow(clippy::unwrap_used, reason = "in a test a panic is the report")]

mod asyncio;
mod cancelling;
mod ending;
mod failing;
mod nesting;
mod panics;
mod twin;

use std::future::pending;
use std::panic::AssertUnwindSafe;
use std::sync::{Arc, Mutex, mpsc as blocking};
use std::time::Duration;

use futures::FutureExt;
use futures::future::BoxFuture;
use room::{World, everywhere, on_one_thread, with_several_workers};
use task_group::{Errors, Group, naive, task_group};
use timeline::{LaneExt, Outcome};
use tokio::sync::oneshot;
use tokio::task::{block_in_place, yield_now};
use tokio::time::{sleep, timeout};
use tokio_util::sync::CancellationToken;

/// An error is a word.
type Error = &'static str;

/// How many children the counts are about.
const MANY: usize = 100;

fn ms(milliseconds: u64) -> Duration {
    Duration::from_millis(milliseconds)
}

/// Counts the futures that are alive.
#[derive(Clone, Default)]
struct Alive(Arc<()>);

impl Alive {
    fn count(&self) -> usize {
        Arc::strong_count(&self.0) - 1
    }

    /// The same future, counted until it has ended or was dropped.
    fn counted<F>(&self, future: F) -> impl Future<Output = F::Output> + Send + use<F>
    where
        F: Future<Output: Send> + Send,
    {
        let guard = Arc::clone(&self.0);
        async move {
            let output = future.await;
            drop(guard);
            output
        }
    }

    /// Spawns so many children that never end by themselves.
    fn spawn_sleepers(&self, group: &Group<Error>, count: usize) {
        for _ in 0..count {
            group.spawn(self.counted(pending::<Result<(), Error>>()));
        }
    }

    async fn until_none(&self) {
        while self.count() > 0 {
            sleep(ms(1)).await;
        }
    }
}

/// A child that fails at its second poll.
async fn fail() -> Result<(), Error> {
    yield_now().await;
    Err("failed")
}

/// A computation that does not await between its two halves.
struct Computation {
    begun: oneshot::Receiver<()>,
    second_half: blocking::Sender<()>,
}

impl Computation {
    fn new(result: Result<(), Error>) -> (Self, impl Future<Output = Result<(), Error>> + Send + 'static) {
        let ((begins, begun), (second_half, goes_on)) = (oneshot::channel(), blocking::channel());
        let future = async move {
            begins.send(()).unwrap();
            goes_on.recv().unwrap();
            result
        };
        (Self { begun, second_half }, future)
    }
}
