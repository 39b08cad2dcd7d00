//! The lag of the runtime.

use std::sync::Arc;
use std::sync::mpsc::channel;
use std::thread;
use std::time::Duration;

use observability::{Lag, Looks, naive, watch, watch_lag};
use room::{World, everywhere, on_one_thread, on_the_paused_clock, on_the_real_clock, with_several_workers};
use tokio::runtime::Handle;
use tokio::task::{JoinSet, yield_now};
use tokio::time::{Instant, MissedTickBehavior, interval_at, sleep, timeout};

use super::{HOUR, LOOK, block, in_the_background, ms};

/// Runs for 97 ms, and blocks for `blocks` more at 25 ms.
async fn program(world: World, blocks: Duration) {
    sleep(ms(25)).await;
    block(world, blocks);
    // Until a monitor has looked again, however busy the machine is.
    sleep(ms(72)).await;
}

/// What a monitor saw of this program; each of them is a task.
fn seen<F: Future<Output: Send> + Send + 'static>(
    world: World,
    blocks: Duration,
    monitor: impl FnOnce(Arc<Lag>) -> F,
) -> Looks {
    world.run(async {
        let lag = Arc::new(Lag::default());
        let mut tasks = in_the_background(monitor(Arc::clone(&lag)));
        tokio::spawn(program(world, blocks)).await.unwrap();
        tasks.shutdown().await;
        lag.take()
    })
}

async fn by_its_due_time(lag: Arc<Lag>) {
    watch_lag(LOOK, &lag).await;
}

#[test]
fn the_worst_look_shows_how_long_a_task_kept_the_thread_on_one_thread() {
    on_one_thread(|world| {
        let looks = seen(world, ms(60), by_its_due_time);
        assert!(looks.worst() >= ms(50), "{:?}", looks.worst());
    });
}

#[test]
fn looks_that_were_due_during_a_block_count_with_their_own_lateness_on_the_paused_clock() {
    on_the_paused_clock(|world| {
        let looks = seen(world, ms(60), by_its_due_time);
        // Of the looks at 10, 20, ..., 150 ms those at 30, ..., 80 were late, by 55, 45, ..., 5 ms.
        assert_eq!((looks.count(), looks.worst()), (15, ms(55)));
        assert_eq!(looks.percentile(60), ms(0));
        assert_eq!(looks.percentile(61), ms(5));
        assert_eq!(looks.percentile(93), ms(45));
        assert_eq!(looks.percentile(100), ms(55));
    });
}

#[test]
fn without_a_block_no_look_is_late_on_the_paused_clock() {
    on_the_paused_clock(|world| {
        let looks = seen(world, ms(0), by_its_due_time);
        assert_eq!((looks.count(), looks.worst()), (9, ms(0)));
    });
}

#[test]
fn an_interval_that_skips_ticks_counts_a_block_of_a_second_as_one_look_of_a_hundred_on_the_paused_clock() {
    on_the_paused_clock(|world| {
        let counts = [MissedTickBehavior::Burst, MissedTickBehavior::Skip].map(|missed| {
            world.run(async {
                let lag = Arc::new(Lag::default());
                let watched = Arc::clone(&lag);
                let mut tasks = in_the_background(async move {
                    let mut looks = interval_at(Instant::now() + LOOK, LOOK);
                    looks.set_missed_tick_behavior(missed);
                    loop {
                        watched.record(looks.tick().await.elapsed());
                    }
                });
                sleep(ms(505)).await;
                block(world, ms(1_000));
                sleep(ms(490)).await;
                tasks.shutdown().await;
                let looks = lag.take();
                (looks.count(), looks.worst(), looks.percentile(99))
            })
        });
        assert_eq!(counts, [(199, ms(995), ms(985)), (100, ms(995), ms(0))]);
    });
}

#[test]
fn a_monitor_that_pauses_between_its_looks_sees_no_block_on_the_paused_clock() {
    on_the_paused_clock(|world| {
        let looks = seen(world, ms(60), async |lag| naive::watch_lag(LOOK, &lag).await);
        assert!(looks.count() >= 9);
        assert_eq!(looks.worst(), ms(0));
    });
}

#[test]
fn a_monitor_that_pauses_sees_a_block_that_begins_in_the_turn_that_it_measures_on_the_paused_clock() {
    on_the_paused_clock(|world| {
        world.run(async {
            let lag = Arc::new(Lag::default());
            let watched = Arc::clone(&lag);
            let mut tasks = JoinSet::new();
            tasks.spawn(async move { _ = naive::watch_lag(LOOK, &watched).await });
            tasks.spawn(async move {
                // Its timer is the later one of those that end at 20 ms, so it runs after the monitor.
                sleep(ms(15)).await;
                sleep(ms(5)).await;
                block(world, ms(60));
            });
            sleep(ms(300)).await;
            tasks.shutdown().await;
            assert!(lag.take().worst() >= ms(60));
        });
    });
}

#[test]
fn a_monitor_that_counts_the_interval_tells_of_lag_that_is_not_there_on_the_paused_clock() {
    on_the_paused_clock(|world| {
        let looks = seen(world, ms(0), async |lag| naive::watch_lag_with_the_interval(LOOK, &lag).await);
        assert_eq!(looks.percentile(1), ms(10));
    });
}

#[test]
fn a_monitor_without_a_pause_sees_a_block_and_looks_all_the_time_on_one_thread() {
    let looks = seen(World::OneThread, ms(60), async |lag| naive::watch_lag_without_a_pause(&lag).await);
    assert!(looks.worst() >= ms(50), "{:?}", looks.worst());
    // The time of this program stands still. On the real clock, a busy machine gives a thread few turns in a second.
    let looks = during_turns(5_000, async |lag| naive::watch_lag_without_a_pause(&lag).await);
    let calm = during_turns(5_000, by_its_due_time);
    assert!(looks.count() >= 4_999 && calm.count() == 0, "{} and {}", looks.count(), calm.count());
}

/// What a monitor saw of a program that lets others run so many times and never waits.
fn during_turns<F: Future<Output: Send> + Send + 'static>(turns: u32, monitor: impl FnOnce(Arc<Lag>) -> F) -> Looks {
    World::Paused.run(async {
        let lag = Arc::new(Lag::default());
        let mut tasks = in_the_background(monitor(Arc::clone(&lag)));
        let program = tokio::spawn(async move {
            for _ in 0..turns {
                yield_now().await;
            }
        });
        program.await.unwrap();
        tasks.shutdown().await;
        lag.take()
    })
}

#[test]
fn one_block_hides_in_the_mean_and_shows_in_the_worst_measurement() {
    let mut looks = Looks::default();
    (0..999).for_each(|_| looks.record(ms(0)));
    looks.record(ms(400));
    let mean = ms(400) / 1_000;
    assert!(mean < ms(1));
    assert_eq!((looks.percentile(50), looks.percentile(99), looks.worst()), (ms(0), ms(0), ms(400)));
}

#[test]
fn a_million_measurements_take_as_much_memory_as_one() {
    let size = |looks: &Looks| format!("{looks:?}").split(',').count();
    let mut looks = Looks::default();
    let empty = size(&looks);
    (0..1_000_000).for_each(|late| looks.record(Duration::from_millis(late)));
    assert_eq!(size(&looks), empty);
    assert_eq!(looks.count(), 1_000_000);
    // Above a second, only the worst look is known.
    assert_eq!(looks.percentile(1), ms(999_999));
}

#[test]
fn a_percentile_is_the_smallest_lateness_that_covers_so_many_looks() {
    let mut looks = Looks::default();
    assert_eq!((looks.percentile(0), looks.percentile(100)), (ms(0), ms(0)));
    looks.record(Duration::from_micros(7_900));
    assert_eq!((looks.percentile(0), looks.percentile(100)), (ms(7), ms(7)));
    looks.record(ms(900));
    assert_eq!((looks.percentile(50), looks.percentile(51)), (ms(7), ms(900)));
    assert_eq!(looks.percentile(200), ms(900));
    looks.record(ms(1_000));
    looks.record(ms(2_000));
    assert_eq!((looks.percentile(51), looks.percentile(75)), (ms(2_000), ms(2_000)));
}

#[test]
fn taking_the_measurements_starts_a_new_count() {
    let lag = Lag::default();
    lag.record(ms(3));
    assert_eq!((lag.take().count(), lag.take().count()), (1, 0));
}

#[test]
fn with_several_workers_a_task_that_blocks_one_need_not_delay_the_looks() {
    with_several_workers(|world| {
        world.run(async {
            let lag = Arc::new(Lag::default());
            let (seen, looks) = channel();
            let watched = Arc::clone(&lag);
            let mut tasks = in_the_background(async move {
                tokio::select! {
                    _ = watch_lag(ms(1), &watched) => {}
                    () = async { loop { sleep(ms(2)).await; _ = seen.send(()); } } => {}
                }
            });
            // It keeps its worker until the monitor has looked five more times.
            let blocker = tokio::spawn(async move { (0..5).for_each(|_| looks.recv().unwrap()) });
            blocker.await.unwrap();
            assert!(lag.take().count() >= 5);
            tasks.shutdown().await;
        });
    });
}

#[test]
fn with_several_workers_a_task_that_a_timer_woke_and_that_blocks_can_delay_the_looks() {
    with_several_workers(|world| {
        // The worker that was woken for the timer runs the task. Whether another one watches the timers meanwhile is chance.
        let delayed = (0..100).any(|_| {
            world.run(async {
                let lag = Arc::new(Lag::default());
                let watched = Arc::clone(&lag);
                let mut tasks = in_the_background(async move { watch_lag(LOOK, &watched).await });
                let export = async {
                    sleep(ms(15)).await;
                    thread::sleep(ms(60));
                };
                tokio::spawn(export).await.unwrap();
                sleep(ms(5)).await;
                tasks.shutdown().await;
                lag.take().worst() >= ms(50)
            })
        });
        assert!(delayed);
    });
}

#[test]
fn a_monitor_ends_with_the_joinset_that_owns_it() {
    everywhere(|world| {
        world.run(async {
            let tasks: JoinSet<_> = in_the_background(async { watch(LOOK, ms(100), drop).await });
            assert_eq!(Handle::current().metrics().num_alive_tasks(), 1);
            drop(tasks);
            while Handle::current().metrics().num_alive_tasks() > 0 {
                yield_now().await;
            }
        });
    });
}

#[test]
fn a_monitor_that_you_await_never_ends_on_the_paused_clock() {
    on_the_paused_clock(|world| {
        world.run(async { assert!(timeout(HOUR / 2, watch(ms(1_000), ms(10_000), drop)).await.is_err()) });
    });
}

#[test]
fn a_monitor_in_the_task_that_blocks_sees_the_block_also_with_several_workers() {
    on_the_real_clock(|world| {
        let lag = Lag::default();
        world.run(async {
            tokio::select! {
                biased;
                _ = watch_lag(LOOK, &lag) => {}
                () = program(world, ms(60)) => {}
            }
        });
        assert!(lag.take().worst() >= ms(50));
    });
}
