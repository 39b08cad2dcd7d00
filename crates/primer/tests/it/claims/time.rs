//! Clocks and timers.

use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use futures::StreamExt;
use room::{World, everywhere, on_the_paused_clock, on_the_real_clock};
use tokio::time::{Instant, MissedTickBehavior, interval, sleep};
use tokio_util::time::DelayQueue;
use tokio_util::time::delay_queue::Expired;

use super::{is_pending, ms};

/// Compares the time since then with what the sleeps in it add up to: see [`World::assert_took`].
#[track_caller]
fn assert_took(world: World, started: Instant, milliseconds: u64) {
    world.assert_took(started.elapsed().as_micros().try_into().unwrap(), ms(milliseconds));
}

#[test]
fn on_the_paused_clock_a_sleep_of_zero_is_over_at_once_and_no_other_task_gets_a_turn() {
    on_the_paused_clock(|world| {
        world.run(async {
            let other = tokio::spawn(async {});
            sleep(ms(0)).await;
            assert!(!other.is_finished());
        });
    });
}

#[test]
fn on_the_real_clock_a_sleep_of_zero_waits_for_the_timers_next_millisecond() {
    on_the_real_clock(|world| world.run(async { assert!(is_pending(sleep(ms(0)))) }));
}

#[test]
fn a_pinned_sleep_can_be_given_another_deadline() {
    everywhere(|world| {
        world.run(async {
            let started = Instant::now();
            let mut alarm = pin!(sleep(ms(10)));
            alarm.as_mut().reset(started + ms(50));
            alarm.await;
            assert_took(world, started, 50);
        });
    });
}

#[test]
fn a_timer_is_a_task_that_sleeps_and_aborting_it_cancels_it() {
    everywhere(|world| {
        world.run(async {
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
        });
    });
}

#[test]
fn a_paused_clock_moves_when_every_task_waits() {
    on_the_paused_clock(|world| {
        world.run(async {
            let (started, half_an_hour) = (Instant::now(), ms(1_800_000));
            sleep(half_an_hour).await;
            assert_eq!(started.elapsed(), half_an_hour);
        });
    });
}

#[test]
fn the_first_tick_of_an_interval_comes_at_once() {
    everywhere(|world| {
        world.run(async {
            let started = Instant::now();
            // Half an hour: a first tick that came after it would be too late on either clock.
            interval(ms(1_800_000)).tick().await;
            if world.is_paused() {
                assert_eq!(started.elapsed(), ms(0));
            }
            let mut ticks = interval(ms(10));
            let first = ticks.tick().await;
            assert_eq!(ticks.tick().await - first, ms(10));
            assert_took(world, first, 10);
        });
    });
}

#[test]
fn an_interval_catches_up_on_missed_ticks_unless_it_is_told_to_delay_or_to_skip() {
    everywhere(|world| {
        for behaviour in [MissedTickBehavior::Burst, MissedTickBehavior::Delay, MissedTickBehavior::Skip] {
            world.run(async {
                // If the first tick is late itself, the ones after it are counted from another moment.
                let (mut ticks, started) = loop {
                    let mut ticks = interval(ms(10));
                    ticks.set_missed_tick_behavior(behaviour);
                    let started = ticks.tick().await;
                    if started.elapsed() < ms(4) {
                        break (ticks, started);
                    }
                };
                sleep(ms(35)).await;
                // `tick` returns when the tick was due: the first of the missed ones in any case.
                assert_eq!(ticks.tick().await - started, ms(10));
                let (second, third) = (ticks.tick().await - started, ticks.tick().await - started);
                match behaviour {
                    MissedTickBehavior::Burst => assert_eq!((second, third), (ms(20), ms(30))),
                    MissedTickBehavior::Delay => assert!(second >= ms(45) && third >= second + ms(10)),
                    MissedTickBehavior::Skip => {
                        assert!(second >= ms(40) && second.as_millis() % 10 == 0);
                        assert!(third > second && third.as_millis() % 10 == 0);
                    }
                }
                if world.is_paused() && behaviour != MissedTickBehavior::Burst {
                    let delayed = behaviour == MissedTickBehavior::Delay;
                    assert_eq!((second, third), if delayed { (ms(45), ms(55)) } else { (ms(40), ms(50)) });
                }
            });
        }
    });
}

#[test]
fn a_delay_queue_returns_each_item_when_its_delay_is_over() {
    everywhere(|world| {
        world.run(async {
            let started = Instant::now();
            let mut timers = DelayQueue::new();
            timers.insert("late", ms(20));
            let cancelled = timers.insert("cancelled", ms(15));
            timers.insert("early", ms(10));
            timers.remove(&cancelled);
            let items: Vec<_> = timers.map(Expired::into_inner).collect().await;
            assert_eq!(items, ["early", "late"]);
            assert_took(world, started, 20);
        });
    });
}
