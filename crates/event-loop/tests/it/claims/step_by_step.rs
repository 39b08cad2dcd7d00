//! The loop that the chapter builds in four steps.

use std::collections::BTreeMap;
use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};
use std::time::Instant;

use event_loop::steps::{Boiled, Task, TaskWaker, poll, run_once, sleep_until, spin};
use room::run_python;

use super::steps::woken_by_a_thread;
use super::*;

/// Numbers for tasks, from 1 on.
fn numbered(tasks: impl IntoIterator<Item = Task>) -> BTreeMap<u64, Task> {
    (1..).zip(tasks).collect()
}

/// Runs tasks in steps to their end; returns how many steps it took.
fn run_in_steps(mut tasks: BTreeMap<u64, Task>) -> usize {
    let (queue, ready) = mpsc::channel();
    for number in tasks.keys() {
        queue.send(*number).unwrap();
    }
    let mut steps = 0;
    while !tasks.is_empty() {
        run_once(&mut tasks, &queue, &ready);
        steps += 1;
    }
    steps
}

/// Says its name in so many turns.
fn says_in_turns(log: &Log, name: &'static str, turns: usize) -> Task {
    let log = log.clone();
    Box::pin(async move {
        for turn in 1..=turns {
            log.says(format!("{name}{turn}"));
            yield_now().await;
        }
    })
}

#[test]
fn a_future_that_you_poll_by_hand_is_pending_until_its_event_has_happened() {
    let whistles = Cell::new(false);
    let (mut tea, mut context) = (pin!(Boiled(&whistles)), Context::from_waker(Waker::noop()));
    assert_eq!([(); 3].map(|()| tea.as_mut().poll(&mut context)), [Poll::Pending; 3]);
    whistles.set(true);
    assert_eq!(tea.as_mut().poll(&mut context), Poll::Ready("tea"));
}

#[test]
fn a_queue_without_wakers_polls_the_tasks_in_turn_until_all_are_ready() {
    let log = Log::default();
    let polls = spin([says_in_turns(&log, "a", 2), says_in_turns(&log, "b", 1)].into());
    assert_eq!(log.lines(), ["a1", "b1", "a2"]);
    // Each task is polled once more than it yields.
    assert_eq!(polls, 3 + 2);
}

#[test]
fn a_queue_without_wakers_polls_a_thousand_times_although_nothing_has_happened() {
    let (polls, counted) = proven(|| {
        let mut counted = 0;
        let polls = woken_by_a_thread(|task| counted = spin([Box::pin(task) as Task].into()), 1_000);
        (polls, counted)
    });
    assert!(polls > 1_000, "{polls}");
    assert_eq!(counted, polls as u64);
}

#[test]
fn a_waker_puts_the_number_of_its_task_into_the_queue_from_any_thread() {
    let (queue, ready) = mpsc::channel();
    let waker = Waker::from(Arc::new(TaskWaker { task: 7, queue }));
    waker.wake_by_ref();
    thread::spawn(move || waker.wake()).join().unwrap();
    assert_eq!(ready.iter().collect::<Vec<_>>(), [7, 7]);
}

#[test]
fn with_wakers_a_task_that_waits_is_polled_only_after_its_wake() {
    // Once at the beginning, and once after the wake.
    let polls = proven(|| woken_by_a_thread(|task| _ = run_in_steps(numbered([Box::pin(task) as Task])), 1));
    assert_eq!(polls, 2);
}

#[test]
fn a_pending_future_that_keeps_no_waker_is_never_polled_again() {
    let (queue, ready) = mpsc::channel();
    let whistles: &'static Cell<bool> = Box::leak(Box::new(Cell::new(false)));
    let mut tasks = numbered([Box::pin(async { assert_eq!(Boiled(whistles).await, "tea") }) as Task]);
    poll(1, &mut tasks, &queue);
    whistles.set(true);
    assert_eq!(ready.try_recv(), Err(mpsc::TryRecvError::Empty));
    assert_eq!(tasks.len(), 1);
    // It would be ready.
    poll(1, &mut tasks, &queue);
    assert!(tasks.is_empty());
}

#[test]
fn a_late_wake_polls_no_task_that_has_ended() {
    let (queue, ready) = mpsc::channel();
    let mut tasks = numbered([Box::pin(async {}) as Task]);
    poll(1, &mut tasks, &queue);
    assert!(tasks.is_empty());
    poll(1, &mut tasks, &queue);
    assert_eq!(ready.try_recv(), Err(mpsc::TryRecvError::Empty));
}

#[test]
fn a_step_polls_what_was_ready_when_it_began_and_nothing_else() {
    let log = Log::default();
    // Two turns and the end, for both at once.
    let steps = run_in_steps(numbered([says_in_turns(&log, "a", 2), says_in_turns(&log, "b", 2)]));
    assert_eq!((steps, log.lines()), (3, ["a1", "b1", "a2", "b2"].map(str::to_owned).to_vec()));
}

#[test]
fn timers_of_a_loop_in_steps_fire_in_the_order_of_their_moments_and_none_too_early() {
    let lines = proven(|| {
        let (log, start) = (Log::default(), Instant::now());
        let sleeps = [60, 20, 20, 40].map(|after| {
            let log = log.clone();
            Box::pin(async move {
                sleep_until(start + ms(after)).await;
                assert!(start.elapsed() >= ms(after));
                log.says(after.to_string());
            }) as Task
        });
        // One step sets the timers. Two timers of one moment are one step, unless the machine is slow: then there are fewer steps.
        let steps = run_in_steps(numbered(sleeps));
        assert!(steps <= 4, "{steps}");
        log.lines()
    });
    assert_eq!(lines, ["20", "20", "40", "60"]);
}

#[test]
fn a_timer_that_is_due_gets_its_turn_although_a_task_is_always_ready() {
    let turns = proven(|| {
        let (is_over, turns) = (Rc::new(Cell::new(false)), Rc::new(Cell::new(0)));
        let (ends, counts) = (Rc::clone(&is_over), Rc::clone(&turns));
        let sleeps = Box::pin(async move {
            sleep_until(Instant::now() + ms(5)).await;
            ends.set(true);
        });
        let always_ready = Box::pin(async move {
            while !is_over.get() {
                counts.set(counts.get() + 1);
                yield_now().await;
            }
        });
        run_in_steps(numbered([sleeps as Task, always_ready]));
        turns.get()
    });
    assert!(turns >= 1);
}

/// The code of the four steps without their documentation, in paragraphs.
fn paragraphs(code: &str) -> Vec<String> {
    let is_code = |line: &&str| !line.trim_start().starts_with("///") && !line.starts_with("#[");
    let code = code.lines().filter(is_code).collect::<Vec<_>>().join("\n");
    code.replace("    type Output = &'static str;\n\n", "    type Output = &'static str;\n")
        .split("\n\n")
        .map(|paragraph| paragraph.trim().to_owned())
        .collect()
}

#[test]
fn the_steps_in_the_chapter_are_the_ones_that_are_tested() {
    let chapter = include_str!("../../../README.md").replace("\r\n", "\n");
    let chapter = chapter.split("## Our own loop").nth(1).unwrap().split("\n## ").next().unwrap();
    let shown: Vec<_> = room::code_blocks(chapter).into_iter().flat_map(|(_, code)| paragraphs(code)).collect();
    let is_item =
        |text: &&String| !["use", "let", "//"].iter().any(|begin| text.starts_with(begin)) && !text.is_empty();
    let tested = paragraphs(&include_str!("../../../src/steps.rs").replace("\r\n", "\n"));
    let [shown, tested] = [&shown, &tested].map(|all| all.iter().filter(is_item).collect::<Vec<_>>());
    assert_eq!(shown, tested);
}

#[test]
fn asyncio_run_once_takes_the_four_steps_in_this_order() {
    let quotes = include_str!("../../../src/steps.rs").lines().filter_map(|line| line.split_once("CPython: "));
    let quotes: Vec<_> = quotes.map(|(_, quote)| quote).collect();
    assert_eq!(quotes.len(), 4);
    run_python(&format!(
        "
import asyncio, inspect
rest = inspect.getsource(asyncio.BaseEventLoop._run_once)
for quote in {quotes:?}:
    _, found, rest = rest.partition(quote)
    assert found, quote"
    ));
}
