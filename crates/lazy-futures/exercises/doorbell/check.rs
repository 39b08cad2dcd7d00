//! The checks of `lazy-futures/doorbell`.

use std::process::ExitCode;
use std::sync::Arc;

use exam::{Exam, LaneExt, fault, ms};
use futures::FutureExt;
use tokio::time::sleep;

#[allow(missing_docs, unused_variables, dead_code, unreachable_pub, clippy::all, clippy::pedantic, clippy::restriction)]
mod answer;
mod scenes;
#[allow(unreachable_pub)]
mod solution;

use scenes::{
    Bell, MANY, Rung, among_others, ended, polled_for_a_second, polled_often, polled_on_two_threads,
    polled_while_it_rings, rings, they_come_and_go,
};

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

/// A sentence, a function that tries a bell by hand and says what goes wrong, and why that is wrong.
type ByHand = (&'static str, fn(&dyn Fn() -> Arc<dyn Bell>) -> Option<String>, &'static str);

const BY_HAND: [ByHand; 4] = [
    (
        "is one bell among many",
        among_others,
        "Bells are independent. Keep the data of a waiter in its bell or in its future, and not in a `static`.",
    ),
    (
        "wakes each waiter, even if others were polled or dropped",
        they_come_and_go,
        "For each future, `ring` itself must wake the task that polled it last. \
         A dropped future cannot pass a wake on. A task may wait with two futures: if you remove its waker with one of them, the other still needs it.",
    ),
    (
        "keeps one waker, however often a task polls",
        polled_often,
        "In a `join!` with a busy sibling, your future is polled again and again. In a loop with `select!`, a new future is made in each turn. \
         If each poll or each future adds a waker, the list grows without limit. Check `will_wake` first.",
    ),
    (
        "loses no ring that comes while a task polls",
        |make| polled_while_it_rings(make).or_else(|| polled_on_two_threads(make)),
        "The bell rang after you checked the flag and before your waker was in the list. Do both under one lock, and let `ring` take the same lock. Wait for the lock: with `try_lock` and `Pending`, the bell does not know your waker.",
    ),
];

fn main() -> ExitCode {
    let mut exam = Exam::new(
        "lazy-futures/doorbell",
        async |()| Arc::new(solution::Doorbell::new()) as Arc<dyn Bell>,
        async |()| Arc::new(answer::Doorbell::new()) as Arc<dyn Bell>,
    )
    .check(
        "does nothing before the bell rings",
        async |make| polled_for_a_second(make).await,
        |mine, _| match mine.output {
            (Some(poll), _) => fault(
                format!("The bell did not ring, and your future was ready at poll {poll}."),
                "A future may be polled although nothing woke it: for example, by a `join!` whose other future was woken. A poll does not mean that the bell rang. Check a flag that `ring` sets.",
            ),
            (None, wakes) if wakes > 0 => fault(
                format!("The bell did not ring, and your future woke its task {wakes} times in a second."),
                "If your future wakes itself in each poll, or sets a timer, it keeps a core busy. Only `ring` may wake its task.",
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
            ended(waiter).await;
        },
        |mine, possible| {
            mine.as_quick_as(possible, "A call of the waker makes the runtime poll the task. Call it in `ring`.")
        },
    )
    .if_it_never_ends("The bell rang, and nothing woke the waiter. A future that returns `Pending` must keep a clone of `context.waker()`, and `ring` must call it.")
    .check(
        "is ready if the bell rang before the first poll",
        async |make| {
            for made_before in [true, false] {
                let bell = make(()).await;
                let early = made_before.then(|| bell.rung());
                bell.ring();
                early.unwrap_or_else(|| bell.rung()).lane("waiter").await;
            }
        },
        |mine, possible| mine.as_quick_as(possible, "The bell has rung, so the first poll must be ready."),
    )
    .if_it_never_ends("The bell rang before the first poll. No task waited then, so a wake is not enough. `ring` must also set a flag, and `poll` must check the flag first.")
    .check(
        "wakes all waiters",
        async |make| {
            let bell = make(()).await;
            let waits = |number| tokio::spawn(bell.rung().lane(format!("waiter {number}")));
            let mut waiters = Vec::from([1, 2].map(waits));
            waiters.extend((3..MANY).map(|_| tokio::spawn(bell.rung())));
            waiters.push(waits(MANY));
            rings(&bell).await;
            for waiter in waiters {
                ended(waiter).await;
            }
        },
        |mine, possible| mine.as_quick_as(possible, "The bell rings for all of them, at the same instant."),
    )
    .if_it_never_ends("A thousand tasks waited, the bell rang, and not all of them went on. Keep a list of wakers, wake all of them, and leave the flag set for all waiters.")
    .check(
        "stays rung for later waiters",
        async |make| {
            let bell = make(()).await;
            let first = tokio::spawn(bell.rung().lane("waiter"));
            rings(&bell).await;
            ended(first).await;
            for _ in 0..2 {
                sleep(ms(100)).await;
                bell.rung().lane("a later waiter").await;
                bell.ring();
            }
        },
        |mine, possible| mine.as_quick_as(possible, "A bell that has rung stays rung."),
    )
    .if_it_never_ends("A bell that has rung stays rung, even if it rings again. A later waiter waits for ever, because something reset the flag.");
    for (sentence, play, why) in BY_HAND {
        exam = exam.check(
            sentence,
            async move |make| {
                play(&|| make(()).now_or_never().unwrap_or_else(|| unreachable!("it makes a bell without waiting")))
            },
            move |mine, _| mine.output.as_ref().map_or(Ok(()), |what| fault(what, why)),
        );
    }
    exam.verdict()
}
