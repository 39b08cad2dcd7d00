//! The checks of `lazy-futures/doorbell`.

use std::panic::resume_unwind;
use std::pin::Pin;
use std::process::ExitCode;
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Wake, Waker};
use std::thread;
use std::time::{Duration, Instant};

use exam::{Call, Exam, LaneExt, fault, ms};
use futures::FutureExt;
use tokio::time::sleep;

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

macro_rules! bell {
    ($author:ident) => {
        impl Bell for $author::Doorbell {
            fn ring(&self) {
                self.ring();
            }

            fn rung(&self) -> Rung {
                self.rung()
            }
        }
    };
}

bell!(answer);
bell!(solution);

type Make = Call<(), Arc<dyn Bell>>;

/// Counts how often it is woken.
#[derive(Default)]
struct Counts(AtomicUsize);

impl Wake for Counts {
    fn wake(self: Arc<Self>) {
        self.0.fetch_add(1, SeqCst);
    }
}

/// This many wait.
const MANY: usize = 1_000;

/// This many polls come before the bell rings, as in a `join!` with a busy sibling.
const POLLS: usize = 1_000;

/// This many wakers may be kept of one task.
const FEW: usize = 8;

/// A sentence, a bell that is played by hand, up to what goes wrong, and why that is wrong.
type ByHand = (&'static str, fn(&dyn Fn() -> Arc<dyn Bell>) -> Option<String>, &'static str);

const BY_HAND: [ByHand; 4] = [
    (
        "is one bell among many",
        among_others,
        "Bells know nothing of each other. What a waiter needs belongs to the bell and to the waiter, and not to the program.",
    ),
    (
        "wakes whoever waits, whoever comes and goes",
        they_come_and_go,
        "`ring` itself has to wake, for each future, the task that polled it last. Who has left passes nothing on. \
         A task may wait with two futures: if you forget its waker with one of them, the other still needs it.",
    ),
    (
        "keeps one waker, however often a task polls",
        polled_often,
        "In a `join!` with a busy sibling your future is polled again and again. A list to which each poll adds a waker grows without a bound: ask `will_wake` first.",
    ),
    (
        "loses no ring that comes while a task polls",
        polled_while_it_rings,
        "The bell rang between your look at the flag and the moment when your waker was in the list. Do both under one lock, which `ring` takes as well.",
    ),
];

fn main() -> ExitCode {
    let mut exam = Exam::new(
        "lazy-futures/doorbell",
        async |()| Arc::new(solution::Doorbell::new()) as Arc<dyn Bell>,
        async |()| Arc::new(answer::Doorbell::new()) as Arc<dyn Bell>,
    )
    .check(
        "asks for nothing before the bell rings",
        async |make| polled_for_a_second(make).await,
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
        "wakes everyone who waits",
        async |make| {
            let bell = make(()).await;
            let waits = |number| tokio::spawn(bell.rung().lane(format!("waiter {number}")));
            let mut waiters = Vec::from([1, 2].map(waits));
            waiters.extend((3..MANY).map(|_| tokio::spawn(bell.rung())));
            waiters.push(waits(MANY));
            rings(&bell).await;
            for waiter in waiters {
                let _ended = waiter.await;
            }
        },
        |mine, possible| mine.as_quick_as(possible, "The bell rings for all of them, at the same instant."),
    )
    .if_it_never_ends("A thousand waited, the bell rang, and not everyone went on. Keep a list of wakers, wake all of them, and leave the flag set: it is not used up by the first.")
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
                bell.ring();
            }
        },
        |mine, possible| mine.as_quick_as(possible, "A bell that has rung stays rung."),
    )
    .if_it_never_ends("A bell that has rung stays rung, also if it rings again. Whoever comes later waits for ever, because something reset the flag.");
    for (sentence, play, why) in BY_HAND {
        exam = exam.check(
            sentence,
            async move |make| {
                play(&|| make(()).now_or_never().unwrap_or_else(|| unreachable!("it makes a bell at once")))
            },
            move |mine, _| mine.output.as_ref().map_or(Ok(()), |what| fault(what, why)),
        );
    }
    exam.verdict()
}

/// Rings after 300 ms, from a thread outside of the runtime.
async fn rings(bell: &Arc<dyn Bell>) {
    sleep(ms(300)).lane("somebody comes").await;
    let bell = Arc::clone(bell);
    if let Err(panic) = thread::spawn(move || bell.ring()).join() {
        resume_unwind(panic);
    }
}

fn is_ready(rung: &mut Rung, counts: &Arc<Counts>) -> bool {
    rung.as_mut().poll(&mut Context::from_waker(&Waker::from(Arc::clone(counts)))).is_ready()
}

/// Polls a future three times within a second: at which poll it was ready, and how often it woke its task.
async fn polled_for_a_second(make: Make) -> (Option<usize>, usize) {
    let (bell, counts) = (make(()).await, Arc::default());
    let mut rung = bell.rung();
    let mut ready = None;
    for poll in 1..=3 {
        if ready.is_none() && is_ready(&mut rung, &counts) {
            ready = Some(poll);
        }
        sleep(ms(333)).lane("nobody rings").await;
    }
    (ready, counts.0.load(SeqCst))
}

fn polled_often(make: &dyn Fn() -> Arc<dyn Bell>) -> Option<String> {
    let (bell, counts) = (make(), Arc::default());
    let mut rung = bell.rung();
    (0..POLLS).for_each(|_| _ = is_ready(&mut rung, &counts));
    let kept = Arc::strong_count(&counts) - 1;
    (kept > FEW).then(|| format!("One task polled {POLLS} times, and {kept} wakers of it are kept, where 1 is enough."))
}

/// Plays every history of up to five steps, the short ones first. In each, `a` is polled by task 1 at first.
fn they_come_and_go(make: &dyn Fn() -> Arc<dyn Bell>) -> Option<String> {
    let mut histories = (0..5_u32).flat_map(|length| (0..9_usize.pow(length)).map(move |number| (length, number)));
    histories.find_map(|(length, number)| {
        let steps: Vec<_> = (0..length).map(|digit| number / 9_usize.pow(digit) % 9).collect();
        history(&*make(), &[&[0], &steps[..]].concat())
    })
}

/// Three waiters are polled by two tasks and dropped: who waits in vain after these steps, or need not wait.
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
            Some(task) if is_ready(rung, task) => return Some(format!("Nobody rang. {}, and was ready.", words())),
            Some(_) => *last = Some(step % 3),
            None => *waiter = None,
        }
    }
    if tasks.iter().any(|task| task.0.load(SeqCst) > 0) {
        return Some(format!("Nobody rang. {}, and a task was woken.", words()));
    }
    bell.ring();
    // A task that is woken polls what it waits for, which may wake the next one.
    while let Some(task) = tasks.iter().position(|task| task.0.swap(0, SeqCst) > 0) {
        for waiter in &mut waiters {
            waiter.take_if(|(rung, last)| *last == Some(task) && is_ready(rung, &tasks[task]));
        }
    }
    let (waiter, task) = (0..).zip(waiters).find_map(|(waiter, waits)| Some((waiter, waits?.1?)))?;
    Some(format!("{}. Then the bell rang. {} waits for ever in task {}.", words(), name(waiter), task + 1))
}

fn among_others(make: &dyn Fn() -> Arc<dyn Bell>) -> Option<String> {
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
            "The bell rang, and was dropped. A waiter from before was polled for the first time then, and was pending."
                .to_owned(),
        );
    }
    is_ready(&mut hopes, &counts)
        .then(|| "The bell was dropped and had never rung, and its waiter was ready.".to_owned())
}

/// Whether a poll is pending and no wake comes, if a thread rings now and then while another polls without a pause.
fn polled_while_it_rings(make: &dyn Fn() -> Arc<dyn Bell>) -> Option<String> {
    let fresh = || (make(), false);
    let (round, begun) = (Mutex::new(fresh()), Instant::now());
    let round = || round.lock().unwrap_or_else(PoisonError::into_inner);
    let mut lost = 0;
    thread::scope(|scope| {
        let rings = scope.spawn(|| {
            while begun.elapsed() < ms(400) {
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
            lost += polled.iter().flatten().filter(|(_, counts)| rang && counts.0.load(SeqCst) == 0).count();
        }
    });
    (lost > 0)
        .then(|| format!("A thread rang while another polled. {lost} times a poll was pending, and no wake came."))
}
