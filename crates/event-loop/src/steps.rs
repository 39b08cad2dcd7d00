//! An event loop in four steps, as the chapter builds it. Each step uses those before it.

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, VecDeque};
use std::future::poll_fn;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender};
use std::task::{Context, Poll, Wake, Waker};
use std::time::Instant;

// Step 1: a future.

/// Ready when the kettle whistles.
#[derive(Debug)]
pub struct Boiled<'a>(pub &'a Cell<bool>);

impl Future for Boiled<'_> {
    type Output = &'static str;

    fn poll(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<&'static str> {
        if self.0.get() { Poll::Ready("tea") } else { Poll::Pending }
    }
}

// Step 2: a queue.

/// A future of any type, for a loop.
pub type Task = Pin<Box<dyn Future<Output = ()>>>;

/// Polls all tasks in turn until all are ready, and counts the polls.
#[must_use]
pub fn spin(mut queue: VecDeque<Task>) -> u64 {
    let mut context = Context::from_waker(Waker::noop());
    let mut polls = 0;
    while let Some(mut task) = queue.pop_front() {
        polls += 1;
        if task.as_mut().poll(&mut context).is_pending() {
            queue.push_back(task); // ask again in the next round
        }
    }
    polls
}

// Step 3: wakers.

/// Puts the number of its task into the queue.
#[derive(Debug)]
pub struct TaskWaker {
    /// The number of the task.
    pub task: u64,
    /// The queue of the loop.
    pub queue: Sender<u64>,
}

impl Wake for TaskWaker {
    fn wake(self: Arc<Self>) {
        _ = self.queue.send(self.task); // an error means that the loop has ended
    }
}

/// Polls one task, and hands it a waker.
pub fn poll(number: u64, tasks: &mut BTreeMap<u64, Task>, queue: &Sender<u64>) {
    let Some(task) = tasks.get_mut(&number) else { return }; // it has ended meanwhile
    let waker = Waker::from(Arc::new(TaskWaker { task: number, queue: queue.clone() }));
    if task.as_mut().poll(&mut Context::from_waker(&waker)).is_ready() {
        tasks.remove(&number);
    }
}

// Step 4: timers.

thread_local! {
    /// The timers of the loop on this thread, the soonest first.
    pub static TIMERS: RefCell<Vec<(Instant, Waker)>> = const { RefCell::new(Vec::new()) };
}

/// Waits until this moment, in a timer of the loop.
pub async fn sleep_until(moment: Instant) {
    poll_fn(|context| {
        if Instant::now() >= moment {
            return Poll::Ready(());
        }
        TIMERS.with_borrow_mut(|timers| {
            timers.push((moment, context.waker().clone()));
            timers.sort_by_key(|(due, _)| *due);
        });
        Poll::Pending
    })
    .await;
}

/// One step of a loop with timers: sleeps while there is nothing to do, and polls each task that is ready then.
///
/// ```
/// use std::collections::BTreeMap;
/// use std::sync::mpsc;
/// use std::time::{Duration, Instant};
/// use event_loop::steps::{Task, run_once, sleep_until};
///
/// let due = Instant::now() + Duration::from_millis(2);
/// let tea: Task = Box::pin(async move { sleep_until(due).await });
/// let mut tasks = BTreeMap::from([(1, tea)]);
/// let (queue, ready) = mpsc::channel();
/// queue.send(1)?; // each task is polled once at the beginning
/// while !tasks.is_empty() {
///     run_once(&mut tasks, &queue, &ready);
/// }
/// assert!(Instant::now() >= due);
/// # Ok::<(), mpsc::SendError<u64>>(())
/// ```
pub fn run_once(tasks: &mut BTreeMap<u64, Task>, queue: &Sender<u64>, ready: &Receiver<u64>) {
    // 1. How long may the thread sleep? CPython: self._scheduled[0]
    let first = TIMERS.with_borrow(|timers| timers.first().map(|(due, _)| *due));
    // 2. Sleep that long, but not if a task is ready. CPython: self._selector.select(timeout)
    let woken = match first {
        Some(due) => ready.recv_timeout(due.saturating_duration_since(Instant::now())).ok(),
        None => ready.recv().ok(),
    };
    // 3. Timers that are due put their tasks into the queue. CPython: self._ready.append(handle)
    let (due, later) = TIMERS.take().into_iter().partition(|(due, _)| *due <= Instant::now());
    TIMERS.set(later);
    due.into_iter().map(|(_, waker)| waker).for_each(Waker::wake);
    // 4. Poll what is in the queue now, and no more. CPython: ntodo = len(self._ready)
    for number in woken.into_iter().chain(ready.try_iter()).collect::<Vec<_>>() {
        poll(number, tasks, queue);
    }
}
