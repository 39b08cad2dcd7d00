//! Waits for some of several tasks: for the first answer, the first error, all of them, or as many as are done when the time is up.
//!
//! The counterpart of asyncio's [`wait`](https://docs.python.org/3.11/library/asyncio-task.html#asyncio.wait).
//!
//! ```sh
//! cargo run -p wait
//! ```
#![doc = include_str!("../README.md")]

pub mod naive;

use std::future::poll_fn;
use std::pin::pin;
use std::task::Poll;
use std::time::Duration;

use futures::StreamExt;
use futures::stream::FuturesUnordered;
use tokio::join;
use tokio::task::coop::unconstrained;
use tokio::task::{JoinError, JoinSet};
use tokio::time::timeout;

/// How a task ended: what it returned, or that it panicked or was aborted.
pub type Ended<T, E> = Result<Result<T, E>, JoinError>;

/// The condition that ends a [`wait`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReturnWhen {
    /// The first task ends, with a result, a panic or an abort.
    FirstCompleted,
    /// The first task returns an `Err` or panics, or all tasks have ended.
    ///
    /// An aborted task does not count.
    FirstException,
    /// All tasks have ended.
    AllCompleted,
}

impl ReturnWhen {
    fn is_met_by<T, E>(self, ended: &Ended<T, E>) -> bool {
        match (self, ended) {
            (Self::FirstCompleted, _) => true,
            (Self::FirstException, Ok(result)) => result.is_err(),
            (Self::FirstException, Err(error)) => error.is_panic(),
            (Self::AllCompleted, _) => false,
        }
    }
}

/// Waits until enough of the tasks have ended, and moves their results from `tasks` to `done`.
///
/// `done` gets the results of all tasks that have ended by then, in the order in which they ended.
/// Tasks that failed, panicked or were aborted are in `done`, too.
/// Pending tasks stay in `tasks` and keep running. You can wait for them again, or abort them. If you drop the set, it aborts them.
/// With no tasks, `wait` returns at once.
///
/// A loop of [`JoinSet::join_next`] does not keep this order: after 128 results in one poll, it puts the next result last.
///
/// For a time limit, put `wait` into [`tokio::time::timeout`]. An `Err` means that not enough tasks have ended in time.
/// With a limit of zero, `wait` takes everything that has ended.
/// On the real clock, Tokio rounds the limit up to the next millisecond. Other tasks run in that time, so a new task may end in time.
/// On the paused clock, a new task does not even start.
///
/// Cancel safe: yes. At every await each task is in `tasks`, or its result is in `done`.
///
/// Source: [`asyncio.wait`](https://docs.python.org/3.11/library/asyncio-task.html#asyncio.wait) and
/// [`JoinSet::join_next`](https://docs.rs/tokio/1/tokio/task/struct.JoinSet.html#method.join_next).
///
/// ```
/// # use std::time::Duration;
/// # use tokio::task::JoinSet;
/// # use tokio::time::{sleep, timeout};
/// use wait::{ReturnWhen, wait};
///
/// # #[tokio::main(flavor = "current_thread", start_paused = true)]
/// # async fn main() {
/// let mut tasks = JoinSet::new();
/// for milliseconds in [50, 20, 90] {
///     tasks.spawn(async move {
///         sleep(Duration::from_millis(milliseconds)).await;
///         Ok::<_, ()>(milliseconds)
///     });
/// }
///
/// let mut done = Vec::new();
/// wait(&mut tasks, &mut done, ReturnWhen::FirstCompleted).await;
/// assert_eq!((done.len(), tasks.len()), (1, 2));
///
/// let all = wait(&mut tasks, &mut done, ReturnWhen::AllCompleted);
/// assert!(timeout(Duration::from_millis(40), all).await.is_err());
/// assert_eq!((done.len(), tasks.len()), (2, 1));
/// # }
/// ```
pub async fn wait<T, E>(tasks: &mut JoinSet<Result<T, E>>, done: &mut Vec<Ended<T, E>>, until: ReturnWhen)
where
    T: 'static,
    E: 'static,
{
    // Without the budget, `join_next` never puts a result last. The loop ends when the set is empty, so it does not starve other tasks for long.
    while let Some(ended) = unconstrained(tasks.join_next()).await {
        let enough = until.is_met_by(&ended);
        done.push(ended);
        if enough {
            break;
        }
    }
    while let Some(ended) = tasks.try_join_next() {
        done.push(ended);
    }
}

/// Asks one replica after another until one answers: a hedged request.
///
/// It asks the first replica. It asks the next one when `patience` has passed since the last request, or at once when a request fails.
/// The first good answer wins, and the other requests are dropped.
/// When all replicas are asked, it waits for an answer without a limit.
/// On the paused clock, with a patience of zero, it asks all replicas at once.
/// On the real clock, a millisecond or two still pass between two requests.
///
/// The requests are futures in the caller's task. They may borrow, and they end with this call.
///
/// Cancel safe: no, because dropping it drops the requests in flight.
/// A service may still carry out a dropped request. So hedge only requests that you may send twice.
///
/// # Errors
///
/// The errors of all replicas, in the order in which they failed. With no replicas there are none.
///
/// # Panics
///
/// If a request panics. The other requests are dropped.
///
/// Source: Jeffrey Dean and Luiz André Barroso, [The Tail at Scale](https://research.google/pubs/the-tail-at-scale/), 2013.
///
/// ```
/// # use std::time::Duration;
/// # use tokio::time::sleep;
/// async fn ask(replica: &str, milliseconds: u64) -> Result<&str, ()> {
///     sleep(Duration::from_millis(milliseconds)).await;
///     Ok(replica)
/// }
///
/// # #[tokio::main(flavor = "current_thread", start_paused = true)]
/// # async fn main() {
/// let replicas = [ask("slow today", 900), ask("well", 80)];
/// assert_eq!(wait::hedged(replicas, Duration::from_millis(50)).await, Ok("well"));
/// # }
/// ```
pub async fn hedged<T, E, R>(replicas: impl IntoIterator<Item = R>, patience: Duration) -> Result<T, Vec<E>>
where
    R: Future<Output = Result<T, E>>,
{
    let mut replicas = replicas.into_iter().fuse();
    let mut asked = FuturesUnordered::new();
    let mut errors = Vec::new();
    loop {
        let answer = match replicas.next() {
            Some(replica) => {
                asked.push(replica);
                timeout(patience, asked.next()).await
            }
            // Without a timeout, because no replica is left to ask.
            None => Ok(asked.next().await),
        };
        match answer {
            Ok(Some(Ok(answer))) => return Ok(answer),
            Ok(Some(Err(error))) => errors.push(error),
            Ok(None) => return Err(errors),
            // Patience ran out. The requests in flight continue, together with the next one.
            Err(_) => {}
        }
    }
}

/// Waits for the first of two futures: a hand-written `select!`.
///
/// It polls both in the caller's task, `one` before `other`. So `one` wins if both are ready. In a loop, `other` starves if `one` is always ready.
/// When it returns, it has dropped the loser. To keep a loser, [`pin!`] it and pass `&mut`.
/// In your own code, use [`tokio::select!`], which allows branches with different types.
///
/// Cancel safe: yes if both futures are, because dropping it drops both.
///
/// # Panics
///
/// If the future that it polls panics.
///
/// Source: [`std::future::poll_fn`](https://doc.rust-lang.org/std/future/fn.poll_fn.html).
///
/// ```
/// use std::future::{pending, ready};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() {
/// assert_eq!(wait::race(ready("one"), ready("other")).await, "one");
/// assert_eq!(wait::race(pending(), ready("other")).await, "other");
/// # }
/// ```
pub async fn race<T>(one: impl Future<Output = T>, other: impl Future<Output = T>) -> T {
    let mut one = pin!(one);
    let mut other = pin!(other);
    poll_fn(|context| match one.as_mut().poll(context) {
        Poll::Ready(value) => Poll::Ready(value),
        Poll::Pending => other.as_mut().poll(context),
    })
    .await
}

/// Does the work, and also runs `notice` if the work takes longer than `patience`.
///
/// The work continues while the notice runs. So the notice may wait for something that the work holds: a lock, a permit, a place in a queue.
/// If the work ends in time, the notice is never polled.
/// Returns the output of the work when both have ended.
///
/// Cancel safe: no, because dropping it drops the work.
///
/// # Panics
///
/// If the work or the notice panics.
///
/// Source: Oxide's [RFD 609](https://rfd.shared.oxide.computer/rfd/0609) shows what goes wrong if nothing polls the work meanwhile: see [`naive::with_notice`].
///
/// ```
/// # use std::time::Duration;
/// # use tokio::time::sleep;
/// # #[tokio::main(flavor = "current_thread", start_paused = true)]
/// # async fn main() {
/// let save = async {
///     sleep(Duration::from_millis(70)).await;
///     "saved"
/// };
/// let notice = async { println!("still saving") };
/// assert_eq!(wait::with_notice(save, Duration::from_millis(50), notice).await, "saved");
/// # }
/// ```
pub async fn with_notice<T>(work: impl Future<Output = T>, patience: Duration, notice: impl Future<Output = ()>) -> T {
    let mut work = pin!(work);
    match timeout(patience, work.as_mut()).await {
        Ok(output) => output,
        Err(_) => join!(work, notice).0,
    }
}
