//! Producers and consumers around one bounded queue: asyncio's `asyncio.Queue(maxsize)`, Tokio's `mpsc::channel(capacity)`.
//!
//! ```sh
//! cargo run -p producer-consumer
//! ```
//!
#![doc = include_str!("../README.md")]

use std::error::Error;
use std::fmt;
use std::ops::Deref;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use futures::{Stream, StreamExt};
use timeline::LaneExt;
use tokio::select;
use tokio::sync::Mutex;
use tokio::sync::mpsc::error::SendError;
use tokio::sync::mpsc::{Receiver, Sender, WeakSender};
use tokio::task::coop::cooperative;
use tokio::task::{JoinError, JoinSet};
use tokio::time::{MissedTickBehavior, interval, timeout};
use tokio_util::task::TaskTracker;
use tokio_util::task::task_tracker::TaskTrackerToken;
use tracing::info;

pub mod naive;

/// Sends every item of `items` into the queue, and waits whenever the queue is full.
///
/// It owns its [`Sender`] and drops it at the end. So the queue closes without a sentinel.
///
/// # Errors
///
/// The item that could not be sent, if every receiver is dropped.
///
/// Cancel safe: no, because an item that waits for its place is dropped with this future.
/// If no item may be lost, first wait for the place with [`Sender::reserve`], and then make the item.
///
/// Source: <https://docs.rs/tokio/1.54/tokio/sync/mpsc/struct.Sender.html#method.send>
///
/// ```
/// use futures::stream;
/// use producer_consumer::produce;
/// use tokio::sync::mpsc;
///
/// # timeline::record(timeline::Clock::Virtual, async {
/// let (sender, mut queue) = mpsc::channel(2);
/// tokio::spawn(produce(stream::iter(["a", "b", "c"]), sender));
///
/// let mut seen = Vec::new();
/// while let Some(item) = queue.recv().await {
///     seen.push(item);
/// }
/// assert_eq!(seen, ["a", "b", "c"]);
/// # });
/// ```
pub async fn produce<T>(items: impl Stream<Item = T>, queue: Sender<T>) -> Result<(), SendError<T>> {
    let mut items = pin!(items);
    while let Some(item) = items.next().await {
        if queue.capacity() == 0 {
            info!("waits, for the queue is full");
        }
        queue.send(item).await?;
    }
    Ok(())
}

/// Works on one item after another until the queue is closed and empty. Returns the results in that order.
///
/// Several consumers may share the receiver: a consumer holds the lock while it waits for an item, never while it works.
///
/// Cancel safe: no, because the current item and the results so far are dropped with this future.
///
/// Source: <https://docs.rs/tokio/1.54/tokio/sync/mpsc/struct.Receiver.html#method.recv>
///
/// ```
/// use std::sync::Arc;
/// use producer_consumer::consume;
/// use tokio::sync::{Mutex, mpsc};
///
/// # timeline::record(timeline::Clock::Virtual, async {
/// let (sender, receiver) = mpsc::channel(2);
/// let consumer = tokio::spawn(consume(Arc::new(Mutex::new(receiver)), async |item: u32| item * item));
/// sender.send(3).await?;
/// sender.send(4).await?;
/// drop(sender);
///
/// assert_eq!(consumer.await?, [9, 16]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// # }).0.unwrap();
/// ```
pub async fn consume<T, R, Fut>(queue: Arc<Mutex<Receiver<T>>>, work: impl Fn(T) -> Fut) -> Vec<R>
where
    Fut: Future<Output = R>,
{
    let mut results = Vec::new();
    loop {
        // A separate statement, so that the lock is released at its semicolon, before the work begins.
        let next = queue.lock().await.recv().await;
        let Some(item) = next else { return results };
        results.push(work(item).await);
    }
}

/// Like [`consume`], but on a queue whose receivers can be cloned, so it needs no lock.
///
/// Each item costs a unit of the task's budget ([`cooperative`]), so a full queue does not starve the other tasks of the thread.
///
/// Cancel safe: no, because the current item and the results so far are dropped with this future.
///
/// Source: <https://docs.rs/async-channel/2.5/async_channel/struct.Receiver.html#method.recv>
///
/// ```
/// use producer_consumer::consume_cloned;
///
/// # timeline::record(timeline::Clock::Virtual, async {
/// let (sender, queue) = async_channel::bounded(2);
/// let one = tokio::spawn(consume_cloned(queue.clone(), async |item: u32| item * item));
/// let other = tokio::spawn(consume_cloned(queue, async |item: u32| item * item));
/// sender.send(3).await?;
/// sender.send(4).await?;
/// drop(sender);
///
/// assert_eq!([one.await?, other.await?].concat(), [9, 16]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// # }).0.unwrap();
/// ```
pub async fn consume_cloned<T, R, Fut>(queue: async_channel::Receiver<T>, work: impl Fn(T) -> Fut) -> Vec<R>
where
    Fut: Future<Output = R>,
{
    let mut results = Vec::new();
    // This channel does not know Tokio's budget: while it has items, a bare `recv` would never return `Pending`.
    while let Ok(item) = cooperative(queue.recv()).await {
        results.push(work(item).await);
    }
    results
}

/// Runs one producer for each of `sources`, and `consumers` consumers, on one queue, until every item is done.
///
/// Returns all results: each consumer's results in its order, and the consumers in the order in which they end.
/// Every producer and every consumer is a separate task.
///
/// # Errors
///
/// A [`JoinError`] as soon as a producer or a consumer has panicked. The other tasks are aborted, and the results so far are dropped.
///
/// # Panics
///
/// If `consumers` is 0.
///
/// Cancel safe: no, because the items in the queue and the results are dropped. The tasks are aborted with this future.
///
/// ```
/// use futures::stream;
/// use producer_consumer::run;
/// use tokio::sync::mpsc;
///
/// # timeline::record(timeline::Clock::Virtual, async {
/// let sources = [stream::iter([1, 2, 3]), stream::iter([4, 5, 6])];
/// let mut squares = run(mpsc::channel(2), sources, 3, async |item| item * item).await?;
/// squares.sort_unstable();
/// assert_eq!(squares, [1, 4, 9, 16, 25, 36]);
/// # Ok::<(), tokio::task::JoinError>(())
/// # }).0.unwrap();
/// ```
pub async fn run<T, S, R, F, Fut>(
    (sender, receiver): (Sender<T>, Receiver<T>),
    sources: impl IntoIterator<Item = S>,
    consumers: usize,
    work: F,
) -> Result<Vec<R>, JoinError>
where
    T: Send + 'static,
    S: Stream<Item = T> + Send + 'static,
    R: Send + 'static,
    F: Fn(T) -> Fut + Clone + Send + Sync + 'static,
    Fut: Future<Output = R> + Send + 'static,
{
    assert!(consumers > 0, "a queue without consumers is never emptied");
    // Dropped last to first: the producers are aborted before the consumers, so a producer that waits is cancelled and does not fail.
    let mut consuming = JoinSet::new();
    let mut producing = JoinSet::new();
    for (source, number) in sources.into_iter().zip(1..) {
        producing.spawn(produce(source, sender.clone()).try_lane(format!("producer {number}")));
    }
    // From here on, only producers hold a sender. The last one that ends closes the queue.
    drop(sender);

    let receiver = Arc::new(Mutex::new(receiver));
    for number in 1..=consumers {
        consuming.spawn(consume(Arc::clone(&receiver), work.clone()).lane(format!("consumer {number}")));
    }

    // From here on, only consumers hold the receiver. When all of them are gone, no producer waits for them.
    drop(receiver);

    let mut results = Vec::new();
    loop {
        // Both sets at once, so that a panic on either side ends the run at once, even if the other side still has work.
        select! {
            Some(ended) = consuming.join_next() => results.extend(ended?),
            Some(ended) = producing.join_next() => {
                let _sent = ended?;
            }
            else => return Ok(results),
        }
    }
}

/// Calls `seen` with the queue's length, at once and then every `every`, until the last sender is dropped.
///
/// It holds no sender between two checks, so it does not keep the queue open.
/// If it is polled too late for some checks, it skips them.
/// A reserved place counts as an item, because a sender cannot tell the two apart.
///
/// # Panics
///
/// If `every` is zero, at the first poll.
///
/// Cancel safe: yes, because it keeps only the time of its next check.
///
/// Source: <https://docs.rs/tokio/1.54/tokio/sync/mpsc/struct.WeakSender.html>
///
/// ```
/// use std::time::Duration;
/// use producer_consumer::watch_length;
/// use tokio::sync::mpsc;
///
/// # timeline::record(timeline::Clock::Virtual, async {
/// let (sender, _receiver) = mpsc::channel(4);
/// sender.send("a").await?;
/// let monitor = watch_length(&sender, Duration::from_millis(100), |length| println!("{length} in the queue"));
/// drop(sender);
/// monitor.await;
/// # Ok::<(), mpsc::error::SendError<&str>>(())
/// # }).0.unwrap();
/// ```
pub fn watch_length<T, F>(queue: &Sender<T>, every: Duration, mut seen: F) -> impl Future<Output = ()> + use<T, F>
where
    F: FnMut(usize),
{
    let queue = queue.downgrade();
    async move {
        let mut looks = interval(every);
        looks.set_missed_tick_behavior(MissedTickBehavior::Skip);
        loop {
            looks.tick().await;
            let Some(queue) = queue.upgrade() else { return };
            seen(queue.max_capacity() - queue.capacity());
        }
    }
}

/// The state of a queue whose work did not end in time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stuck {
    /// How many senders were still alive.
    pub senders: usize,
    /// How many items were still in the queue or had a reserved place. `None` if no sender was alive, because only a sender can tell.
    pub queued: Option<usize>,
}

impl fmt::Display for Stuck {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { senders, queued } = self;
        f.write_str("the queue did not end; ")?;
        match queued {
            Some(0) => write!(f, "items in it: 0, senders alive: {senders}; did somebody forget a clone?"),
            Some(queued) => {
                write!(f, "items in it: {queued}, senders alive: {senders}; does a consumer still receive?")
            }
            None => f.write_str("no sender is alive; is a consumer slow, or does it wait for something else?"),
        }
    }
}

impl Error for Stuck {}

/// Waits for the work on a queue. If it takes longer than `limit`, the error tells you the state of the queue.
///
/// # Errors
///
/// [`Stuck`], when the limit is over. It counts the senders first, and then drops the work.
///
/// Cancel safe: if the work is, because the work is dropped with this future.
///
/// Source: <https://docs.rs/tokio/1.54/tokio/sync/mpsc/struct.WeakSender.html#method.strong_count>
///
/// ```
/// use std::time::Duration;
/// use producer_consumer::{Stuck, ended_within};
/// use tokio::sync::mpsc;
///
/// # timeline::record(timeline::Clock::Virtual, async {
/// let (sender, mut receiver) = mpsc::channel::<u32>(4);
/// let queue = sender.downgrade();
/// let forgotten = sender.clone();
/// drop(sender);
/// let stuck = ended_within(Duration::from_secs(1), queue, receiver.recv()).await;
/// assert_eq!(stuck, Err(Stuck { senders: 1, queued: Some(0) }));
/// # drop(forgotten);
/// # });
/// ```
pub async fn ended_within<T, F: Future>(limit: Duration, queue: WeakSender<T>, work: F) -> Result<F::Output, Stuck> {
    let mut work = pin!(work);
    timeout(limit, work.as_mut()).await.map_err(|_elapsed| {
        let senders = queue.strong_count();
        let queued = queue.upgrade().map(|queue| queue.max_capacity() - queue.capacity());
        Stuck { senders, queued }
    })
}

/// Counts the jobs that are not done yet. The counterpart of `task_done()` and `join()` of an `asyncio.Queue`.
///
/// Source: <https://docs.rs/tokio-util/0.7/tokio_util/task/task_tracker/struct.TaskTracker.html>
///
/// ```
/// use producer_consumer::Jobs;
/// use tokio::sync::mpsc;
///
/// # timeline::record(timeline::Clock::Virtual, async {
/// let jobs = Jobs::default();
/// let (sender, mut queue) = mpsc::channel(4);
/// sender.send(jobs.add("a")).await?;
/// sender.send(jobs.add("b")).await?;
/// tokio::spawn(async move {
///     while let Some(job) = queue.recv().await {
///         println!("{}", *job);
///     }
/// });
///
/// jobs.join().await; // Both are printed. The consumer keeps running and waits for more.
/// # Ok::<(), mpsc::error::SendError<producer_consumer::Job<&str>>>(())
/// # }).0.unwrap();
/// ```
#[derive(Clone, Debug, Default)]
pub struct Jobs(TaskTracker);

/// An item that counts as not done until this is dropped, also if an error or a panic drops it.
///
/// It only lends the item. A closure could capture a public field alone, without the token that does the counting.
#[derive(Debug)]
pub struct Job<T> {
    item: T,
    _open: TaskTrackerToken,
}

impl<T> Deref for Job<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.item
    }
}

impl Jobs {
    /// Counts one more job.
    pub fn add<T>(&self, item: T) -> Job<T> {
        Job { item, _open: self.0.token() }
    }

    /// Waits until it finds no open job, including jobs added in the meantime. Returns at once if there is none.
    ///
    /// On several workers, it may check after you drop the last job and before you add the next one.
    /// If it must wait for the next job too, add that job before you drop the last one.
    ///
    /// Cancel safe: yes, because the count is kept outside.
    pub async fn join(&self) {
        self.0.close();
        // The tracker's `wait` ends when the count has been 0 for a moment. By now it may be higher again.
        while !self.0.is_empty() {
            self.0.wait().await;
        }
    }
}
