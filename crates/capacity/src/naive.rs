//! The versions that go wrong.

use std::panic::resume_unwind;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Semaphore;
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep};

use crate::{Refused, Request};

/// Goes wrong under overload: the queue is unbounded, and the workers also work for callers that gave up.
#[derive(Debug)]
pub struct Pool {
    workers: Arc<Semaphore>,
    all: usize,
    tasks: Arc<()>,
}

impl Pool {
    /// A pool with this many workers.
    #[must_use]
    pub fn new(workers: usize) -> Self {
        Self { workers: Arc::new(Semaphore::new(workers)), all: workers, tasks: Arc::default() }
    }

    /// How many workers are busy now.
    #[must_use]
    pub fn busy(&self) -> usize {
        self.all - self.workers.available_permits()
    }

    /// How many requests wait now, including those whose callers have gone.
    #[must_use]
    pub fn waiting(&self) -> usize {
        (Arc::strong_count(&self.tasks) - 1).saturating_sub(self.busy())
    }

    /// Does the work in a separate task, which does not notice that the caller has gone.
    ///
    /// # Errors
    ///
    /// Never: it refuses no caller.
    pub async fn run<F>(&self, work: F) -> Result<F::Output, Refused>
    where
        F: Future<Output: Send + 'static> + Send + 'static,
    {
        let (workers, alive) = (Arc::clone(&self.workers), Arc::clone(&self.tasks));
        let task = tokio::spawn(async move {
            let _worker = workers.acquire_owned().await;
            let done = work.await;
            drop(alive);
            done
        });
        task.await.map_err(|error| resume_unwind(error.into_panic()))
    }
}

/// Goes wrong because of the timer: it sleeps for each gap, and each sleep ends a little late.
/// So all later requests come later, and less work comes than planned.
/// It also measures the wait from the moment at which a request was sent.
pub async fn simulate(pool: &Arc<crate::Pool>, requests: impl IntoIterator<Item = Request>) -> Vec<Duration> {
    let (mut tasks, mut last) = (JoinSet::new(), Duration::ZERO);
    for Request { at, takes } in requests {
        sleep(at.saturating_sub(last)).await;
        last = at;
        let (pool, sent) = (Arc::clone(pool), Instant::now());
        tasks.spawn(async move {
            let work = async {
                let waited = sent.elapsed();
                sleep(takes).await;
                waited
            };
            pool.run(work).await
        });
    }
    tasks.join_all().await.into_iter().flatten().collect()
}
