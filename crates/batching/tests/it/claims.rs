//! Every claim of the chapter, proven.

#![allow(clippy::unwrap_used, reason = "in a test a panic is the report")]

mod answers;
mod asyncio;
mod batches;
mod chunks;
mod ending;
mod twin;

use std::future::pending;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use batching::{Failed, Loader, batch_after_batch, loader, naive};
use futures::future::BoxFuture;
use futures::{FutureExt, StreamExt, stream};
use room::everywhere;
use timeline::{LaneExt, Outcome};
use tokio::sync::{Semaphore, mpsc};
use tokio::task::yield_now;
use tokio::time::{sleep, timeout};
use tokio_stream::wrappers::ReceiverStream;

/// An error is a word.
type Error = &'static str;

/// The value of a key is ten times the key.
type Rows = Result<Vec<(u32, u32)>, Error>;

type Ids = Loader<u32, u32, Error>;

/// Longer than any test.
const FOR_EVER: Duration = Duration::from_hours(1_000);

fn ms(milliseconds: u64) -> Duration {
    Duration::from_millis(milliseconds)
}

/// The rows of these ids, the highest id first.
#[expect(clippy::unnecessary_wraps, reason = "what a backend returns")]
fn rows(mut ids: Vec<u32>) -> Rows {
    ids.sort_unstable_by(|one, other| other.cmp(one));
    Ok(ids.into_iter().map(|id| (id, 10 * id)).collect())
}

/// Makes a loader of any kind.
type Make = fn(usize, Duration, Backend) -> (Ids, BoxFuture<'static, ()>);
type Backend = Box<dyn Fn(Vec<u32>) -> BoxFuture<'static, Rows> + Send>;

fn right(limit: usize, patience: Duration, backend: Backend) -> (Ids, BoxFuture<'static, ()>) {
    let (ids, work) = loader(limit, patience, backend);
    (ids, work.boxed())
}

fn wrong(limit: usize, patience: Duration, backend: Backend) -> (Ids, BoxFuture<'static, ()>) {
    let (ids, work) = naive::loader(limit, patience, backend);
    (ids, work.boxed())
}

/// What the backend was asked for.
#[derive(Clone, Default)]
struct Asked(Arc<Mutex<Vec<Vec<u32>>>>);

impl Asked {
    /// A backend that notes what it is asked for, and answers like this.
    fn then<F>(&self, answer: impl Fn(Vec<u32>) -> F + Send + 'static) -> Backend
    where
        F: Future<Output = Rows> + Send + 'static,
    {
        let asked = self.clone();
        Box::new(move |ids| {
            asked.0.lock().unwrap().push(ids.clone());
            answer(ids).boxed()
        })
    }

    /// A backend that answers at once.
    fn at_once(&self) -> Backend {
        self.then(async |ids| rows(ids))
    }

    fn calls(&self) -> Vec<Vec<u32>> {
        self.0.lock().unwrap().clone()
    }

    async fn until(&self, calls: usize) {
        while self.calls().len() < calls {
            sleep(ms(1)).await;
        }
    }
}
