//! The versions that go wrong.

use std::mem;
use std::pin::pin;
use std::time::Duration;

use futures::StreamExt;
use futures::stream::FuturesUnordered;
use tokio::select;
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};

use crate::{Ended, ReturnWhen};

/// Like [`wait`](crate::wait()).
///
/// How it goes wrong: this future owns the tasks and the results while it waits. A timeout around it loses the results, and aborts the tasks that still run.
/// `timeout(limit, tasks.join_all())` does the same.
pub async fn wait<T, E>(tasks: &mut JoinSet<Result<T, E>>, done: &mut Vec<Ended<T, E>>, until: ReturnWhen)
where
    T: 'static,
    E: 'static,
{
    let mut own_tasks = mem::take(tasks);
    let mut own_done = mem::take(done);
    while let Some(ended) = own_tasks.join_next().await {
        let enough = until.is_met_by(&ended);
        own_done.push(ended);
        if enough {
            break;
        }
    }
    *tasks = own_tasks;
    *done = own_done;
}

/// Like [`hedged`](crate::hedged).
///
/// How it goes wrong: it returns the result of the first request that completes. So a quick failure wins over every good answer.
///
/// # Errors
///
/// The error of the replica that failed first, unless another one has answered before.
pub async fn hedged<T, E, R>(replicas: impl IntoIterator<Item = R>, patience: Duration) -> Result<T, Vec<E>>
where
    R: Future<Output = Result<T, E>>,
{
    let mut replicas = replicas.into_iter().fuse();
    let mut asked = FuturesUnordered::new();
    loop {
        let completed = match replicas.next() {
            Some(replica) => {
                asked.push(replica);
                timeout(patience, asked.next()).await
            }
            None => Ok(asked.next().await),
        };
        if let Ok(first) = completed {
            return first.map_or_else(|| Err(Vec::new()), |first| first.map_err(|error| vec![error]));
        }
    }
}

/// Like [`with_notice`](crate::with_notice).
///
/// How it goes wrong: nothing polls the work while the notice runs. If the notice waits for something that the work holds, it waits for ever (a futurelock).
pub async fn with_notice<T>(work: impl Future<Output = T>, patience: Duration, notice: impl Future<Output = ()>) -> T {
    let mut work = pin!(work);
    select! {
        // If the work is done, it needs no notice.
        biased;
        output = &mut work => output,
        () = sleep(patience) => {
            notice.await;
            work.await
        }
    }
}
