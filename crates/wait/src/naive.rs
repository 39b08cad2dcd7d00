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
/// How it goes wrong: tasks and results belong to this future while it waits, so a timeout around it loses the results and aborts what still runs.
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
/// How it goes wrong: it takes the first that completes for the first that answers, so one quick failure beats every good answer.
///
/// # Errors
///
/// The error of the replica that failed first, unless another one had answered by then.
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
/// How it goes wrong: nobody polls the work while the notice is given, so a notice that waits for what the work holds waits for ever (a futurelock).
pub async fn with_notice<T>(work: impl Future<Output = T>, patience: Duration, notice: impl Future<Output = ()>) -> T {
    let mut work = pin!(work);
    select! {
        // Work that is done needs no notice.
        biased;
        output = &mut work => output,
        () = sleep(patience) => {
            notice.await;
            work.await
        }
    }
}
