//! Waiting for some of several: the first answer, the first error, all of them, or as many as there are when time is up.
//!
//! The counterpart of asyncio's [`wait`](https://docs.python.org/3.11/library/asyncio-task.html#asyncio.wait).
//!
//! ```sh
//! cargo run -p wait
//! ```
#![doc = include_str!("../README.md")]

pub mod naive;

use std::pin::pin;
use std::time::Duration;

use futures::StreamExt;
use futures::stream::FuturesUnordered;
use tokio::join;
use tokio::task::coop::unconstrained;
use tokio::task::{JoinError, JoinSet};
use tokio::time::timeout;

/// How a task ended: with what it returned, or with a panic or an abort.
pub type Ended<T, E> = Result<Result<T, E>, JoinError>;

/// What ends a [`wait`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReturnWhen {
    /// The first task that ends, however it ends.
    FirstCompleted,
    /// The first task that returns an `Err` or panics, or the end of all.
    ///
    /// An aborted task does not count.
    FirstException,
    /// The end of all.
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

/// Waits until enough of the tasks have ended, and moves those from `tasks` to `done`.
///
/// What has ended is appended to `done`, in the order in which it ended, together with all else that has ended by then.
/// A loop of [`JoinSet::join_next`] alone does not keep that order: after 128 results its budget is used up, and it puts the next one last.
/// What is pending stays in `tasks` and keeps running: wait for it again, or abort it; dropping the set aborts it too.
/// With no tasks there is nothing to wait for: it returns at once.
///
/// For a limit of time, put it into [`tokio::time::timeout`], whose `Err` means that it was not enough by then.
/// With a limit of zero it takes at least what has ended already.
/// On the real clock Tokio rounds the limit up to a whole millisecond, and other tasks run meanwhile: what ends by then is done, too.
/// On the paused clock a task that was spawned just before has not even started.
///
/// A task that failed, panicked or was aborted is one of those done.
///
/// Cancel safe: yes, because at every await each task is either in `tasks` or its result is in `done`.
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
    // Without a budget, so that no result is put back and the order stays. A set never holds more than a finite number of them.
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
/// Asks the first one, and the next one whenever `patience` has passed without an answer, or at once when one fails.
/// The first good answer wins, and the other requests are dropped.
/// Once all are asked, it waits as long as the last one takes.
/// A patience of zero asks all at once on the paused clock. On the real clock it still lasts a millisecond or two between two requests.
///
/// All requests share the caller's task, so they may borrow, and none outlives this call.
///
/// Cancel safe: no, because the requests in flight are dropped with it.
/// A dropped request may have been carried out all the same, so hedge only what can be asked twice without harm.
///
/// # Errors
///
/// The errors of all replicas, in the order in which they failed; none if there are no replicas.
///
/// # Panics
///
/// If one of the requests does; the others are dropped.
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
            // Without a timeout: there is nobody left to ask when it fires.
            None => Ok(asked.next().await),
        };
        match answer {
            Ok(Some(Ok(answer))) => return Ok(answer),
            Ok(Some(Err(error))) => errors.push(error),
            Ok(None) => return Err(errors),
            // Patience ran out: the requests in flight go on beside the next one.
            Err(_) => {}
        }
    }
}

/// Does the work, and gives notice if it is not done when `patience` has passed.
///
/// The work goes on while the notice is given, so the notice may wait for what the work holds: a lock, a permit, a place in a queue.
/// The notice is a future that is never polled if the work is done in time.
/// Returns what the work returned, once both have ended.
///
/// Cancel safe: no, because the work is dropped where it is.
///
/// # Panics
///
/// If one of the two does.
///
/// Source: Oxide's [RFD 609](https://rfd.shared.oxide.computer/rfd/0609) says what goes wrong otherwise: see [`naive::with_notice`].
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
