//! Clocks and timers.

use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use tokio::time::{Instant, MissedTickBehavior, advance, interval, sleep};

use super::ms;

#[tokio::test(start_paused = true)]
async fn a_sleep_of_zero_may_be_over_at_once_and_then_nobody_else_gets_a_turn() {
    let other = tokio::spawn(async {});
    sleep(ms(0)).await;
    assert!(!other.is_finished());
}

#[tokio::test(start_paused = true)]
async fn a_pinned_sleep_can_be_given_another_deadline() {
    let started = Instant::now();
    let mut alarm = pin!(sleep(ms(10)));
    alarm.as_mut().reset(started + ms(50));
    alarm.await;
    assert_eq!(started.elapsed(), ms(50));
}

#[tokio::test(start_paused = true)]
async fn a_timer_is_a_task_that_sleeps_and_aborting_it_cancels_it() {
    let calls = Arc::new(AtomicUsize::new(0));
    let later = |after| {
        let calls = Arc::clone(&calls);
        tokio::spawn(async move {
            sleep(ms(after)).await;
            calls.fetch_add(1, Ordering::Relaxed);
        })
    };
    let (timer, cancelled) = (later(10), later(20));
    cancelled.abort();
    timer.await.unwrap();
    assert!(cancelled.await.unwrap_err().is_cancelled());
    assert_eq!(calls.load(Ordering::Relaxed), 1);
}

#[tokio::test(start_paused = true)]
async fn a_paused_clock_moves_when_everybody_waits() {
    let started = Instant::now();
    sleep(ms(3_600_000)).await;
    assert_eq!(started.elapsed(), ms(3_600_000));
}

#[tokio::test(start_paused = true)]
async fn the_first_tick_of_an_interval_is_at_once() {
    let started = Instant::now();
    let mut ticks = interval(ms(10));
    ticks.tick().await;
    assert_eq!(started.elapsed(), ms(0));
    ticks.tick().await;
    assert_eq!(started.elapsed(), ms(10));
}

#[tokio::test(start_paused = true)]
async fn an_interval_catches_up_on_missed_ticks_unless_it_is_told_to_delay() {
    for (behaviour, expected) in [
        (MissedTickBehavior::Burst, [35, 35, 35, 40]),
        (MissedTickBehavior::Delay, [35, 45, 55, 65]),
        (MissedTickBehavior::Skip, [35, 40, 50, 60]),
    ] {
        let mut ticks = interval(ms(10));
        ticks.set_missed_tick_behavior(behaviour);
        let started = ticks.tick().await;
        advance(ms(35)).await;
        for after in expected {
            ticks.tick().await;
            assert_eq!(started.elapsed(), ms(after), "{behaviour:?}");
        }
    }
}
