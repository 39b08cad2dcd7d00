//! What the checks of `lazy-futures/doorbell` play.

use std::panic::resume_unwind;
use std::pin::Pin;
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Wake, Waker};
use std::thread;
use std::time::{Duration, Instant};

use exam::{Call, LaneExt, ms, twice_at_once};
use tokio::task::JoinHandle;
use tokio::time::sleep;

pub(super) type Rung = Pin<Box<dyn Future<Output = ()> + Send>>;

/// A `Doorbell`, the reader's or the solution's.
pub(super) trait Bell: Send + Sync {
    fn ring(&self);
    fn rung(&self) -> Rung;
}

type Make = Call<(), Arc<dyn Bell>>;

/// A waker that counts its wakes.
#[derive(Default)]
struct Counts(AtomicUsize);

impl Wake for Counts {
    fn wake(self: Arc<Self>) {
        self.0.fetch_add(1, SeqCst);
    }
}

/// This many tasks wait.
pub(super) const MANY: usize = 1_000;

/// This many polls come before the bell rings, as in a `join!` with a busy sibling.
const POLLS: usize = 1_000;

/// This many wakers may be kept of one task.
const FEW: usize = 8;

/// This often one thread rings while another one polls, unless a ring is lost before.
const RINGS: usize = 5_000;

/// On a busy machine the two threads seldom run at once, so they may take longer than they need.
const AT_MOST: Duration = Duration::from_secs(5);

/// Rings after 300 ms, from a thread outside of the runtime.
pub(super) async fn rings(bell: &Arc<dyn Bell>) {
    sleep(ms(300)).lane("a visitor comes").await;
    let bell = Arc::clone(bell);
    if let Err(panic) = thread::spawn(move || bell.ring()).join() {
        resume_unwind(panic);
    }
}

/// Waits for the end of a task, and passes its panic on.
pub(super) async fn ended(task: JoinHandle<()>) {
    if let Err(error) = task.await
        && let Ok(panic) = error.try_into_panic()
    {
        resume_unwind(panic);
    }
}

fn is_ready(rung: &mut Rung, counts: &Arc<Counts>) -> bool {
    rung.as_mut().poll(&mut Context::from_waker(&Waker::from(Arc::clone(counts)))).is_ready()
}

/// Polls a future three times within a second: at which poll it was ready, and how often it woke its task.
pub(super) async fn polled_for_a_second(make: Make) -> (Option<usize>, usize) {
    let (bell, counts) = (make(()).await, Arc::default());
    let mut rung = bell.rung();
    let mut ready = None;
    for poll in 1..=3 {
        if ready.is_none() && is_ready(&mut rung, &counts) {
            ready = Some(poll);
        }
        sleep(ms(333)).lane("the bell does not ring").await;
    }
    (ready, counts.0.load(SeqCst))
}

pub(super) fn polled_often(make: &dyn Fn() -> Arc<dyn Bell>) -> Option<String> {
    let too_many = |who: &str, task: &Arc<Counts>| {
        let kept = Arc::strong_count(task) - 1;
        (kept > FEW)
            .then(|| format!("{who} {POLLS} times, and your bell keeps {kept} wakers of one task, where 1 is enough."))
    };
    let again_and_again = (1..=2).find_map(|tasks| {
        let bell = make();
        let mut waiters: Vec<_> = (0..tasks).map(|_| (bell.rung(), Arc::default())).collect();
        for _ in 0..POLLS {
            for (rung, counts) in &mut waiters {
                _ = is_ready(rung, counts);
            }
        }
        let who = ["One task polled", "Two tasks took turns, and each polled"][tasks - 1];
        too_many(who, &waiters[0].1)
    });
    again_and_again.or_else(|| {
        let (bell, task) = (make(), Arc::default());
        for _ in 0..POLLS {
            _ = is_ready(&mut bell.rung(), &task);
        }
        too_many("One task called `rung`, polled its future once and dropped it,", &task)
    })
}

/// Two threads poll at the same instant, again and again, and then the bell rings. Says how many tasks were not woken.
///
/// The bell knows more and more wakers, so a poll holds its lock for longer and longer, and soon the two meet there.
pub(super) fn polled_on_two_threads(make: &dyn Fn() -> Arc<dyn Bell>) -> Option<String> {
    let bell = make();
    let poll = || {
        let (mut rung, counts) = (bell.rung(), Arc::default());
        (!is_ready(&mut rung, &counts)).then_some((rung, counts))
    };
    let mut waiters = Vec::new();
    twice_at_once(poll, |polled| waiters.extend(polled.into_iter().flatten()));
    bell.ring();
    let lost = waiters.iter().filter(|(_, counts)| counts.0.load(SeqCst) == 0).count();
    let all = waiters.len();
    (lost > 0).then(|| format!("{all} tasks polled on two threads, always two at the same instant. Then the bell rang, and {lost} of the tasks were not woken."))
}

/// Plays every sequence of up to five steps, the short ones first. In each, task 1 polls `a` first.
pub(super) fn they_come_and_go(make: &dyn Fn() -> Arc<dyn Bell>) -> Option<String> {
    let mut histories = (0..5_u32).flat_map(|length| (0..9_usize.pow(length)).map(move |number| (length, number)));
    histories.find_map(|(length, number)| {
        let steps: Vec<_> = (0..length).map(|digit| number / 9_usize.pow(digit) % 9).collect();
        history(&*make(), &[&[0], &steps[..]].concat())
    })
}

/// Two tasks poll three waiters, and waiters are dropped. Says which waiter waits for ever after these steps, or is ready too early.
fn history(bell: &dyn Bell, steps: &[usize]) -> Option<String> {
    let name = |waiter: usize| ["`a`", "`b`", "`c`"][waiter];
    let words = |step: &usize| match (name(step / 3), step % 3) {
        (name, 2) => format!("{name} was dropped"),
        (name, task) => format!("{name} was polled by task {}", task + 1),
    };
    let words = || steps.iter().map(words).collect::<Vec<_>>().join(", ");
    let tasks: [Arc<Counts>; 2] = Default::default();
    let mut waiters = [(); 3].map(|()| Some((bell.rung(), None)));
    for step in steps {
        let waiter = &mut waiters[step / 3];
        let (rung, last) = waiter.as_mut()?;
        match tasks.get(step % 3) {
            Some(task) if is_ready(rung, task) => {
                return Some(format!("The bell did not ring. {}, and was ready.", words()));
            }
            Some(_) => *last = Some(step % 3),
            None => *waiter = None,
        }
    }
    if tasks.iter().any(|task| task.0.load(SeqCst) > 0) {
        return Some(format!("The bell did not ring. {}, and a task was woken.", words()));
    }
    bell.ring();
    // A woken task polls its waiters, and that may wake the next task.
    while let Some(task) = tasks.iter().position(|task| task.0.swap(0, SeqCst) > 0) {
        for waiter in &mut waiters {
            waiter.take_if(|(rung, last)| *last == Some(task) && is_ready(rung, &tasks[task]));
        }
    }
    let (waiter, task) = (0..).zip(waiters).find_map(|(waiter, waits)| Some((waiter, waits?.1?)))?;
    Some(format!("{}. Then the bell rang. {} waits for ever in task {}.", words(), name(waiter), task + 1))
}

pub(super) fn among_others(make: &dyn Fn() -> Arc<dyn Bell>) -> Option<String> {
    let (bell, other, counts) = (make(), make(), Arc::default());
    let (mut waits, mut late) = (bell.rung(), bell.rung());
    other.ring();
    if is_ready(&mut waits, &counts) {
        return Some("Another bell rang, and the waiter of this one was ready.".to_owned());
    }
    let silent = make();
    let mut hopes = silent.rung();
    bell.ring();
    if counts.0.load(SeqCst) == 0 {
        return Some(
            "A waiter waited, another bell was made, and then this one rang. The waiter was not woken.".to_owned(),
        );
    }
    drop((bell, silent));
    if !is_ready(&mut late, &counts) {
        return Some(
            "The bell rang and was dropped. After that, an older waiter was polled for the first time, and was pending."
                .to_owned(),
        );
    }
    is_ready(&mut hopes, &counts).then(|| "The bell was dropped without a ring, and its waiter was ready.".to_owned())
}

/// Whether a poll is pending and no wake comes, when one thread rings while another polls without a pause.
pub(super) fn polled_while_it_rings(make: &dyn Fn() -> Arc<dyn Bell>) -> Option<String> {
    let fresh = || (make(), false);
    let (round, begun) = (Mutex::new(fresh()), Instant::now());
    let round = || round.lock().unwrap_or_else(PoisonError::into_inner);
    let lost = AtomicUsize::new(0);
    let goes_on = |_: &usize| lost.load(SeqCst) == 0 && begun.elapsed() < AT_MOST;
    thread::scope(|scope| {
        let rings = scope.spawn(|| {
            for _ in (0..RINGS).take_while(goes_on) {
                thread::sleep(Duration::from_micros(20));
                let (bell, rang) = &mut *round();
                bell.ring();
                *rang = true;
            }
        });
        while !rings.is_finished() {
            let bell = Arc::clone(&round().0);
            let polled = [(); 32].map(|()| {
                let (mut rung, counts) = (bell.rung(), Arc::default());
                (!is_ready(&mut rung, &counts)).then_some((rung, counts))
            });
            let (_, rang) = std::mem::replace(&mut *round(), fresh());
            lost.fetch_add(
                polled.iter().flatten().filter(|(_, counts)| rang && counts.0.load(SeqCst) == 0).count(),
                SeqCst,
            );
        }
    });
    let lost = lost.into_inner();
    (lost > 0)
        .then(|| format!("A thread rang while another polled. {lost} times a poll was pending, and no wake came."))
}
