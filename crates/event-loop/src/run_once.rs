//! The loop itself: a queue of tasks that are ready, wakers that put tasks there, timers, and one step.

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, VecDeque};
use std::fmt;
use std::mem::take;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, Ordering::AcqRel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Wake, Waker};
use std::thread::{self, Thread};
use std::time::{Duration, Instant};

use crate::Step;

/// The number of the future that was passed to `block_on`.
const MAIN: u64 = 0;

/// When a timer is due, and its number. Two timers for the same instant keep the order in which they were made.
pub(crate) type TimerKey = (Instant, u64);

/// The state that wakers share with the loop. Other threads access nothing else of the loop.
struct Ready {
    queue: Mutex<VecDeque<u64>>,
    thread: Thread,
}

/// Puts its task into the queue, once, and wakes the thread of the loop.
struct TaskWaker {
    task: u64,
    is_queued: AtomicBool,
    ready: Arc<Ready>,
}

impl Wake for TaskWaker {
    fn wake(self: Arc<Self>) {
        if !self.is_queued.swap(true, AcqRel) {
            lock(&self.ready.queue).push_back(self.task);
            self.ready.thread.unpark();
        }
    }
}

impl TaskWaker {
    /// A waker for a new task. The task is ready at once.
    fn new(task: u64, ready: &Arc<Ready>) -> Arc<Self> {
        let new = Arc::new(Self { task, is_queued: AtomicBool::new(false), ready: Arc::clone(ready) });
        Arc::clone(&new).wake();
        new
    }

    /// Polls the future of its task.
    fn poll<F: Future + ?Sized>(self: &Arc<Self>, future: Pin<&mut F>) -> Poll<F::Output> {
        // Before the poll, so that a wake during the poll leads to another poll.
        self.is_queued.swap(false, AcqRel);
        future.poll(&mut Context::from_waker(&Waker::from(Arc::clone(self))))
    }
}

struct Task {
    future: Pin<Box<dyn Future<Output = ()>>>,
    waker: Arc<TaskWaker>,
}

/// An event loop. It belongs to one thread.
pub(crate) struct Loop {
    ready: Arc<Ready>,
    main: Arc<TaskWaker>,
    /// The tasks that are not being polled.
    tasks: RefCell<BTreeMap<u64, Task>>,
    /// The wakers of the tasks that wait for a time, soonest first.
    timers: RefCell<BTreeMap<TimerKey, Waker>>,
    numbers: Cell<u64>,
}

impl Loop {
    pub(crate) fn new() -> Self {
        let ready = Arc::new(Ready { queue: Mutex::default(), thread: thread::current() });
        Self {
            main: TaskWaker::new(MAIN, &ready),
            ready,
            tasks: RefCell::default(),
            timers: RefCell::default(),
            numbers: Cell::new(MAIN),
        }
    }

    /// One step: sleeps if nothing is ready, fires the timers that are due, and polls each task that is ready then.
    pub(crate) fn run_once<F: Future>(&self, mut main: Pin<&mut F>) -> (Step, Option<F::Output>) {
        let began = Instant::now();
        // 1. Sleep until a waker calls, or the first timer is due. A thread may also wake up for no reason.
        while lock(&self.ready.queue).is_empty() {
            match self.first_timer().map(|due| due.saturating_duration_since(Instant::now())) {
                Some(Duration::ZERO) => break,
                Some(left) => thread::park_timeout(left),
                None => thread::park(),
            }
        }
        // 2. Each timer that is due wakes its task.
        let now = Instant::now();
        let mut due = 0;
        while let Some(waker) = self.take_due(now) {
            waker.wake();
            due += 1;
        }
        // 3. Poll the tasks that are ready now. A task that becomes ready in the meantime waits for the next step.
        let ready = take(&mut *lock(&self.ready.queue));
        let mut output = None;
        let mut polls = 0;
        for task in ready {
            polls += 1;
            if task != MAIN {
                self.poll(task);
            } else if let Poll::Ready(value) = self.main.poll(main.as_mut()) {
                output = Some(value);
                break;
            }
        }
        (Step { slept: now - began, worked: now.elapsed(), due, polls }, output)
    }

    /// Polls a task. If the task has ended, a late wake does nothing.
    fn poll(&self, number: u64) {
        // The task is not in the map during its poll, because it may spawn.
        let task = self.tasks.borrow_mut().remove(&number);
        let Some(mut task) = task else { return };
        if task.waker.poll(task.future.as_mut()).is_pending() {
            self.tasks.borrow_mut().insert(number, task);
        }
    }

    /// Adds a new task. The task is ready at once.
    pub(crate) fn add(&self, future: Pin<Box<dyn Future<Output = ()>>>) {
        let number = self.new_number();
        let waker = TaskWaker::new(number, &self.ready);
        self.tasks.borrow_mut().insert(number, Task { future, waker });
    }

    /// Drops all tasks, one after another, and also the tasks that they spawn while they are dropped.
    ///
    /// # Panics
    ///
    /// If a task panics on drop. The other tasks are dropped first, and then the first panic continues.
    /// If the thread is already panicking, that panic continues instead.
    pub(crate) fn end(&self) {
        let mut panicked = None;
        loop {
            // Not in the condition, because the map must be unlocked while a task is dropped.
            let task = self.tasks.borrow_mut().pop_first();
            let Some(task) = task else { break };
            if let Err(panic) = catch_unwind(AssertUnwindSafe(|| drop(task))) {
                panicked = panicked.or(Some(panic));
            }
        }
        // A second panic while the thread unwinds would end the process.
        if let Some(panic) = panicked.filter(|_| !thread::panicking()) {
            resume_unwind(panic);
        }
    }

    pub(crate) fn new_timer(&self, deadline: Instant) -> TimerKey {
        (deadline, self.new_number())
    }

    pub(crate) fn set_timer(&self, key: TimerKey, waker: Waker) {
        let old = self.timers.borrow_mut().insert(key, waker);
        // A waker is foreign code, so drop it only when the map is unlocked.
        drop(old);
    }

    pub(crate) fn take_timer_back(&self, key: TimerKey) {
        let waker = self.timers.borrow_mut().remove(&key);
        drop(waker);
    }

    fn first_timer(&self) -> Option<Instant> {
        self.timers.borrow().first_key_value().map(|((due, _), _)| *due)
    }

    fn take_due(&self, now: Instant) -> Option<Waker> {
        if self.first_timer()? > now {
            return None;
        }
        self.timers.borrow_mut().pop_first().map(|(_, waker)| waker)
    }

    fn new_number(&self) -> u64 {
        self.numbers.update(|number| number + 1);
        self.numbers.get()
    }
}

impl fmt::Debug for Loop {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (tasks, timers) = (self.tasks.borrow().len(), self.timers.borrow().len());
        f.debug_struct("Loop").field("tasks", &tasks).field("timers", &timers).finish_non_exhaustive()
    }
}

/// Locks for a moment, without an await.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
