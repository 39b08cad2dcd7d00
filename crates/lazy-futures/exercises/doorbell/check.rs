//! The checks of `lazy-futures/doorbell`.

use std::panic::resume_unwind;
use std::pin::Pin;
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use std::task::{Context, Wake, Waker};
use std::thread;

use exam::{Call, Exam, LaneExt, fault, ms};
use tokio::time::{sleep, timeout};

#[allow(missing_docs, unused_variables, dead_code, unreachable_pub, clippy::all, clippy::pedantic, clippy::restriction)]
mod answer;
#[allow(unreachable_pub)]
mod solution;

type Rung = Pin<Box<dyn Future<Output = ()> + Send>>;

/// A `Doorbell`, the reader's or the solution's.
trait Bell: Send + Sync {
    fn ring(&self);
    fn rung(&self) -> Rung;
}

impl Bell for answer::Doorbell {
    fn ring(&self) {
        self.ring();
    }

    fn rung(&self) -> Rung {
        self.rung()
    }
}

impl Bell for solution::Doorbell {
    fn ring(&self) {
        self.ring();
    }

    fn rung(&self) -> Rung {
        self.rung()
    }
}

fn shared(bell: impl Bell + 'static) -> Arc<dyn Bell> {
    Arc::new(bell)
}

type Make = Call<(), Arc<dyn Bell>>;

/// Counts how often it is woken.
#[derive(Default)]
struct Counts(AtomicUsize);

impl Wake for Counts {
    fn wake(self: Arc<Self>) {
        self.0.fetch_add(1, SeqCst);
    }
}

/// This many polls come before the bell rings, as in a `join!` with a busy sibling.
const POLLS: usize = 1_000;

/// This many wakers may be kept of one task.
const FEW: usize = 8;

fn main() -> ExitCode {
    let exam = Exam::new(
        "lazy-futures/doorbell",
        async |()| shared(solution::Doorbell::new()),
        async |()| shared(answer::Doorbell::new()),
    )
    .check(
        "asks for nothing before the bell rings",
        async |make| polled_by_hand(make).await,
        |mine, _| match mine.output {
            (Some(poll), _) => fault(
                format!("Nobody rang, and your future was ready at poll {poll}."),
                "A future may be polled although nothing woke it: by a `join!` whose other future was woken. A poll is no ring. Look at a flag that `ring` sets.",
            ),
            (None, wakes) if wakes > 0 => fault(
                format!("Nobody rang, and your future woke its task {wakes} times in a second."),
                "Whoever wakes itself in each poll, or sets a timer to look again, keeps a core busy. Only `ring` wakes.",
            ),
            _ => Ok(()),
        },
    )
    .check(
        "wakes the task that waits",
        async |make| {
            let bell = make(()).await;
            let waiter = tokio::spawn(bell.rung().lane("waiter"));
            rings(&bell).await;
            let _ended = waiter.await;
        },
        |mine, possible| {
            mine.as_quick_as(possible, "A waker that is called makes the runtime poll the task at once. Call it in `ring`.")
        },
    )
    .if_it_never_ends("The bell rang, and nothing woke the waiter. A future that returns `Pending` must keep a clone of `context.waker()`, and `ring` must call it.")
    .check(
        "need not wait for a bell that rang before the first poll",
        async |make| {
            for made_before in [true, false] {
                let bell = make(()).await;
                let early = made_before.then(|| bell.rung());
                bell.ring();
                early.unwrap_or_else(|| bell.rung()).lane("waiter").await;
            }
        },
        |mine, possible| mine.as_quick_as(possible, "The bell has rung: the first poll is ready."),
    )
    .if_it_never_ends("The bell rang before the first poll. Nobody waited then, so a wake reaches nobody: `ring` must also leave a sign, and `poll` must look at it first.")
    .check(
        "wakes the task that polled last",
        async |make| {
            let bell = make(()).await;
            let mut rung = bell.rung();
            let _nothing = timeout(ms(100), &mut rung).await;
            let moved = tokio::spawn(rung.lane("waiter in another task"));
            rings(&bell).await;
            let _ended = moved.await;
        },
        |mine, possible| mine.as_quick_as(possible, "The future moved to another task, whose waker is another one."),
    )
    .if_it_never_ends("The future was polled by one task, under a `timeout`, and then moved to another. The waker of its first poll wakes the wrong task: keep the waker at every poll.");
    several(exam).verdict()
}

/// The checks with several waiters.
fn several(exam: Exam<(), Arc<dyn Bell>>) -> Exam<(), Arc<dyn Bell>> {
    exam.check(
        "wakes everyone who waits",
        async |make| {
            let bell = make(()).await;
            let waiters = [1, 2, 3].map(|number| tokio::spawn(bell.rung().lane(format!("waiter {number}"))));
            rings(&bell).await;
            for waiter in waiters {
                let _ended = waiter.await;
            }
        },
        |mine, possible| mine.as_quick_as(possible, "The bell rings for all of them, at the same instant."),
    )
    .if_it_never_ends("The bell rang, and not everyone who waited went on. Keep a list of wakers, wake all of them, and leave the flag set: it is not used up by the first.")
    .check(
        "stays rung for those who come later",
        async |make| {
            let bell = make(()).await;
            let first = tokio::spawn(bell.rung().lane("waiter"));
            rings(&bell).await;
            let _ended = first.await;
            for _ in 0..2 {
                sleep(ms(100)).await;
                bell.rung().lane("who comes later").await;
            }
        },
        |mine, possible| mine.as_quick_as(possible, "A bell that has rung stays rung."),
    )
    .if_it_never_ends("A bell that has rung stays rung. Whoever comes later waits for ever, because something reset the flag.")
    .check(
        "does not count on a waiter that has left",
        async |make| {
            let bell = make(()).await;
            let leaves = tokio::spawn(timeout(ms(100), bell.rung().lane("leaves")));
            let stays = tokio::spawn(bell.rung().lane("stays"));
            rings(&bell).await;
            let _ended = (leaves.await, stays.await);
        },
        |mine, possible| mine.as_quick_as(possible, "Who has left must not hold up those who stay."),
    )
    .if_it_never_ends("One waiter gave up before the bell rang, and its future was dropped. A dropped future is not polled, so it cannot pass the ring on: `ring` itself wakes everyone.")
    .check(
        "keeps one waker, however often a task polls",
        async |make| {
            let bell = make(()).await;
            let (mut rung, counts) = (bell.rung(), Arc::new(Counts::default()));
            let waker = Waker::from(Arc::clone(&counts));
            for _ in 0..POLLS {
                let _pending = rung.as_mut().poll(&mut Context::from_waker(&waker));
            }
            Arc::strong_count(&counts) - 2
        },
        |mine, possible| {
            if mine.output <= FEW {
                return Ok(());
            }
            fault(
                format!("One task polled {POLLS} times, and {} wakers of it are kept, where {} is enough.", mine.output, possible.output),
                "In a `join!` with a busy sibling your future is polled again and again. A list to which each poll adds a waker grows without a bound: ask `will_wake` first.",
            )
        },
    )
}

/// Polls a future three times within a second: at which poll it was ready, and how often it woke its task.
async fn polled_by_hand(make: Make) -> (Option<usize>, usize) {
    let bell = make(()).await;
    let mut rung = bell.rung();
    let counts = Arc::new(Counts::default());
    let waker = Waker::from(Arc::clone(&counts));
    let mut ready = None;
    for poll in 1..=3 {
        if ready.is_none() && rung.as_mut().poll(&mut Context::from_waker(&waker)).is_ready() {
            ready = Some(poll);
        }
        sleep(ms(333)).lane("nobody rings").await;
    }
    (ready, counts.0.load(SeqCst))
}

/// Rings after 300 ms, from a thread outside of the runtime.
async fn rings(bell: &Arc<dyn Bell>) {
    sleep(ms(300)).lane("somebody comes").await;
    let bell = Arc::clone(bell);
    if let Err(panic) = thread::spawn(move || bell.ring()).join() {
        resume_unwind(panic);
    }
}
