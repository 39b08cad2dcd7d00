//! One step after another.

use std::future::poll_fn;
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use std::sync::{Arc, Mutex};
use std::task::{Poll, Waker};

use super::*;

#[test]
fn on_our_loop_a_task_starts_in_the_next_step_and_not_when_it_is_spawned() {
    let lines = proven(|| {
        block_on(async {
            let log = Log::default();
            let task = spawn({
                let log = log.clone();
                async move { log.says("task") }
            });
            log.says("spawned");
            std::future::ready(()).await;
            log.says("awaited what was ready");
            task.await.unwrap();
            log.lines()
        })
    });
    assert_eq!(lines, ["spawned", "awaited what was ready", "task"]);
}

/// What three tasks say that take so many turns each.
fn three_in_turns(turns: u64) -> Vec<String> {
    block_on(async move {
        let log = Log::default();
        let tasks = ["ada", "bob", "cyd"].map(|name| {
            let log = log.clone();
            spawn(in_turns(1..=turns, move |turn| log.says(format!("{name} {turn}"))))
        });
        for task in tasks {
            task.await.unwrap();
        }
        log.lines()
    })
}

#[test]
fn on_our_loop_tasks_that_yield_take_turns_first_in_first_out() {
    let lines = proven(|| three_in_turns(2));
    assert_eq!(lines, ["ada 1", "bob 1", "cyd 1", "ada 2", "bob 2", "cyd 2"]);
}

#[test]
fn a_task_that_awaits_nothing_runs_to_its_end_before_any_other() {
    let lines = proven(|| {
        block_on(async {
            let log = Log::default();
            let [one, two] = ["one", "two"].map(|name| {
                let log = log.clone();
                spawn(naive::in_turns(1..=2, move |turn| log.says(format!("{name} {turn}"))))
            });
            one.await.unwrap();
            two.await.unwrap();
            log.lines()
        })
    });
    assert_eq!(lines, ["one 1", "one 2", "two 1", "two 2"]);
}

/// The steps of a loop, with the times left out: timers that were due, and polls.
fn steps_of<F: Future>(future: F) -> Vec<(usize, usize)> {
    let mut steps = Vec::new();
    block_on_watched(future, |Step { due, polls, .. }| steps.push((due, polls)));
    steps
}

#[test]
fn two_tasks_on_our_loop_step_by_step() {
    // The body spawns both and waits for the first; both say one thing and yield; both end; then the body hears of the first, and of the second.
    let steps = proven(|| {
        steps_of(async {
            let [one, two] = [1, 2].map(|_| spawn(yield_now()));
            one.await.unwrap();
            two.await.unwrap();
        })
    });
    assert_eq!(steps, [(0, 1), (0, 2), (0, 2), (0, 1)]);
}

#[test]
fn a_step_polls_only_what_was_ready_when_it_began() {
    let (steps, turns) = proven(|| {
        let turns = Rc::new(Cell::new(0));
        let steps = steps_of({
            let turns = Rc::clone(&turns);
            async move {
                let _never_ends = spawn(async move {
                    loop {
                        turns.set(turns.get() + 1);
                        yield_now().await;
                    }
                });
                // The timer gets its turn, although the other task is ready in every step.
                sleep(ms(5)).await;
            }
        });
        (steps, turns.get())
    });
    assert!(steps.iter().all(|(_, polls)| *polls <= 2), "{steps:?}");
    assert_eq!(steps.last().unwrap(), &(1, 2));
    assert!(turns >= steps.len() - 2, "{turns} turns in {} steps", steps.len());
}

#[test]
fn several_wakes_before_a_poll_are_one_poll() {
    let steps = proven(|| {
        let mut polled = 0;
        steps_of(poll_fn(move |context| {
            polled += 1;
            (0..3).for_each(|_| context.waker().wake_by_ref());
            if polled == 3 { Poll::Ready(()) } else { Poll::Pending }
        }))
    });
    // A wake that comes during the poll asks for another one, and the other two add nothing.
    assert_eq!(steps, [(0, 1); 3]);
}

/// A future that is woken by a thread, which waits until it has been polled so many times; and how often it was polled in the end.
pub(super) fn woken_by_a_thread(block_on: impl FnOnce(Box<dyn Future<Output = ()> + Unpin>), after: usize) -> usize {
    #[derive(Default)]
    struct Shared {
        polls: AtomicUsize,
        waker: Mutex<Option<Waker>>,
        is_done: std::sync::atomic::AtomicBool,
    }
    let shared = Arc::new(Shared::default());
    let watching = Arc::clone(&shared);
    let thread = thread::spawn(move || {
        while watching.polls.load(SeqCst) < after {
            thread::sleep(ms(1));
        }
        watching.is_done.store(true, SeqCst);
        let waker = watching.waker.lock().unwrap().take();
        waker.unwrap().wake();
    });
    let polled = Arc::clone(&shared);
    block_on(Box::new(poll_fn(move |context| {
        *polled.waker.lock().unwrap() = Some(context.waker().clone());
        polled.polls.fetch_add(1, SeqCst);
        if polled.is_done.load(SeqCst) { Poll::Ready(()) } else { Poll::Pending }
    })));
    thread.join().unwrap();
    shared.polls.load(SeqCst)
}

#[test]
fn another_thread_wakes_our_loop_and_until_then_nothing_is_polled() {
    // At most one poll more, if the thread wakes it between its mark and its waker.
    let polls = proven(|| woken_by_a_thread(block_on, 1));
    assert_eq!(polls, 2);
}

#[test]
fn the_naive_block_on_polls_a_thousand_times_although_nothing_woke_it() {
    let polls = proven(|| woken_by_a_thread(naive::block_on, 1_000));
    assert!(polls > 1_000, "{polls}");
}

#[test]
fn a_wake_during_the_poll_is_not_lost_and_a_task_that_parks_the_thread_takes_no_wake_away() {
    let steps = proven(|| {
        let mut polled = false;
        steps_of(poll_fn(move |context| {
            if polled {
                return Poll::Ready(());
            }
            polled = true;
            context.waker().wake_by_ref();
            // As a blocking call may do: it uses the token that `unpark` left.
            thread::park();
            Poll::Pending
        }))
    });
    assert_eq!(steps, [(0, 1), (0, 1)]);
}

#[test]
fn a_thread_that_is_unparked_for_no_reason_polls_nothing() {
    let steps = proven(|| {
        let (this, mut polled) = (thread::current(), false);
        steps_of(poll_fn(move |context| {
            if polled {
                return Poll::Ready(());
            }
            polled = true;
            this.unpark();
            let waker = context.waker().clone();
            thread::spawn(move || {
                thread::sleep(ms(5));
                waker.wake();
            });
            Poll::Pending
        }))
    });
    assert_eq!(steps, [(0, 1), (0, 1)]);
}

#[test]
fn a_late_wake_of_a_task_that_has_ended_does_nothing() {
    let steps = proven(|| {
        steps_of(async {
            let (sends, waker) = tokio::sync::oneshot::channel();
            let task = spawn(poll_fn({
                let mut sends = Some(sends);
                move |context| {
                    sends.take().unwrap().send(context.waker().clone()).unwrap();
                    Poll::Ready(())
                }
            }));
            task.await.unwrap();
            waker.await.unwrap().wake();
            yield_now().await;
        })
    });
    assert_eq!(steps, [(0, 1), (0, 1), (0, 1), (0, 2)]);
}
