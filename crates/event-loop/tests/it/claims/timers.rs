//! Timers of our loop.

use std::pin::Pin;
use std::task::{Context, Waker};
use std::time::Instant;

use event_loop::sleep_until;

use super::*;

/// The order in which sleeps until these moments are over; each writes its place in the list.
fn order_of(deadlines: Vec<Instant>) -> Vec<String> {
    block_on(async {
        let log = Log::default();
        let mut tasks = Vec::new();
        for (place, deadline) in deadlines.into_iter().enumerate() {
            let log = log.clone();
            tasks.push(spawn(async move {
                sleep_until(deadline).await;
                log.says(place.to_string());
            }));
        }
        for task in tasks {
            task.await.unwrap();
        }
        log.lines()
    })
}

#[test]
fn timers_of_our_loop_fire_in_the_order_of_their_moments() {
    let order = proven(|| {
        let now = Instant::now() + ms(100);
        order_of([50, 20, 30].map(|after| now + ms(after)).to_vec())
    });
    assert_eq!(order, ["1", "2", "0"]);
}

#[test]
fn timers_of_one_moment_fire_in_the_order_in_which_they_were_first_polled() {
    let order = proven(|| order_of(vec![Instant::now() + ms(100); 3]));
    assert_eq!(order, ["0", "1", "2"]);
}

#[test]
fn a_sleep_of_our_loop_is_never_too_short_and_one_that_is_over_needs_no_loop() {
    let slept = proven(|| {
        let begun = Instant::now();
        block_on(sleep(ms(20)));
        begun.elapsed()
    });
    assert!(slept >= ms(20), "{slept:?}");
    let mut over = sleep(Duration::ZERO);
    assert!(Pin::new(&mut over).poll(&mut Context::from_waker(Waker::noop())).is_ready());
}

#[test]
fn our_loop_sleeps_until_the_first_timer_is_due() {
    let mut steps = Vec::new();
    block_on_watched(sleep(ms(20)), |step| steps.push(step));
    let [first, second] = steps[..] else { panic!("{steps:?}") };
    assert_eq!([first.due, first.polls, second.due, second.polls], [0, 1, 1, 1]);
    assert!(second.slept >= ms(15), "{second:?}");
}

#[test]
fn a_sleep_that_is_dropped_is_taken_back_at_once() {
    let (before, after) = proven(|| {
        block_on(async {
            let mut timers: Vec<_> = (0..100).map(|_| sleep(Duration::from_hours(1))).collect();
            for timer in &mut timers {
                assert!(futures::poll!(timer).is_pending());
            }
            let last = timers.pop().unwrap();
            let before = format!("{last:?}");
            drop(timers);
            (before, format!("{last:?}"))
        })
    });
    assert!(before.contains("timers: 100"), "{before}");
    assert!(after.contains("timers: 1,"), "{after}");
}

#[test]
fn a_sleep_that_moves_to_another_task_wakes_that_task() {
    let ended = proven(|| {
        block_on(async {
            let mut moves = sleep(ms(10));
            assert!(futures::poll!(&mut moves).is_pending());
            spawn(moves).await.is_ok()
        })
    });
    assert!(ended);
}

#[test]
fn a_sleep_longer_than_any_clock_can_show_waits() {
    proven(|| {
        block_on(async {
            let mut long = sleep(Duration::MAX);
            assert!(futures::poll!(&mut long).is_pending());
        });
    });
}

#[test]
fn no_timer_fires_before_it_is_due() {
    let steps = proven(|| {
        let mut steps = Vec::new();
        let others_run = async {
            let _sleeps = spawn(sleep(Duration::from_hours(1)));
            for _ in 0..5 {
                yield_now().await;
            }
        };
        block_on_watched(others_run, |step| steps.push(step));
        steps
    });
    assert_eq!(steps.iter().map(|step| step.due).sum::<usize>(), 0);
    // The body is polled six times, and the task that sleeps only once.
    assert_eq!(steps.iter().map(|step| step.polls).sum::<usize>(), 7);
}
