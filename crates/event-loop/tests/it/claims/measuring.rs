//! A loop that measures itself.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};

use room::{World, on_the_real_clock};
use timeline::LaneExt;
use tokio::runtime::Handle;
use tokio::time::Instant;

use super::*;

#[test]
fn a_step_of_our_loop_tells_sleep_from_work() {
    let steps = proven(|| {
        let mut steps = Vec::new();
        let body = async {
            sleep(ms(30)).await;
            thread::sleep(ms(20));
        };
        block_on_watched(body, |step| steps.push(step));
        steps
    });
    let [first, second] = steps[..] else { panic!("{steps:?}") };
    assert!(second.slept >= ms(25) && second.worked >= ms(20), "{second:?}");
    // Nothing was to wait for in the first step, and nothing to do but to set a timer.
    assert!(first.slept + first.worked < second.slept + second.worked, "{steps:?}");
}

/// How often a runtime's thread parks while a task in it works.
fn parks(world: World, work: impl Future<Output = ()> + Send + 'static) -> usize {
    let parks = Arc::new(AtomicUsize::new(0));
    let counts = Arc::clone(&parks);
    let mut builder = world.builder();
    builder.on_thread_park(move || {
        counts.fetch_add(1, SeqCst);
    });
    let runtime = builder.build().unwrap();
    let counted = async move {
        // A loop that has just slept.
        tokio::time::sleep(ms(5)).await;
        let before = parks.load(SeqCst);
        work.await;
        parks.load(SeqCst) - before
    };
    runtime.block_on(async { tokio::spawn(counted).await.unwrap() })
}

#[test]
fn fifty_polite_turns_and_one_long_turn_look_alike_to_tokios_park_hooks_on_one_thread() {
    let polite = async {
        for _ in 0..50 {
            thread::sleep(ms(1));
            tokio::task::yield_now().await;
        }
    };
    let long = async { thread::sleep(ms(50)) };
    assert_eq!([parks(World::OneThread, polite), parks(World::OneThread, long)], [0, 0]);
}

#[test]
fn tokios_park_hooks_are_called_when_the_loop_sleeps_on_one_thread() {
    let sleeps = async {
        for _ in 0..3 {
            tokio::time::sleep(ms(5)).await;
        }
    };
    assert!(parks(World::OneThread, sleeps) >= 3);
}

#[test]
fn the_busy_time_of_tokios_metrics_is_the_same_for_polite_turns_and_for_one_long_turn() {
    on_the_real_clock(|world| {
        let runtime = world.builder().build().unwrap();
        let work = async |turns: u32| {
            for _ in 0..turns {
                thread::sleep(ms(40) / turns);
                tokio::task::yield_now().await;
            }
            // The metrics are written when a worker goes to sleep.
            tokio::time::sleep(ms(20)).await;
            let metrics = Handle::current().metrics();
            (0..metrics.num_workers()).map(|worker| metrics.worker_total_busy_duration(worker)).sum::<Duration>()
        };
        let (polite, both) = runtime
            .block_on(async move { tokio::spawn(async move { (work(40).await, work(1).await) }).await.unwrap() });
        assert!(polite >= ms(40) && both >= polite + ms(40), "{polite:?}, {both:?}");
    });
}

#[test]
fn the_lanes_of_a_timeline_find_the_single_long_turn() {
    on_the_real_clock(|world| {
        let (turns, recording) = world.record(async {
            let polite = async {
                for _ in 0..20 {
                    thread::sleep(ms(1));
                    tokio::task::yield_now().await;
                }
            };
            let long = async {
                let begun = Instant::now();
                thread::sleep(ms(40));
                begun.elapsed()
            };
            polite.lane("polite").await;
            long.lane("long").await
        });
        assert!(turns >= ms(40));
        assert_eq!(recording.polls("polite"), 21);
        let longest = |name| recording.lane(name).unwrap().polls.iter().map(|poll| poll.until - poll.at).max().unwrap();
        assert!(longest("long") >= 40_000);
        assert!(longest("polite") < longest("long"), "{} µs", longest("polite"));
    });
}
