//! `tokio::time::interval` as a limit, and where the `await` stands.

use super::*;

/// Ticks every 100 ms; the loop stands still for a second after the first. Returns when the next four came.
async fn after_a_pause(behaviour: MissedTickBehavior) -> Vec<u64> {
    let mut ticks = interval(ms(100));
    ticks.set_missed_tick_behavior(behaviour);
    let starts = Starts::new();
    ticks.tick().await;
    sleep(ms(1_030)).await;
    for _ in 0..4 {
        ticks.tick().await;
        starts.now();
    }
    starts.all()
}

#[test]
fn after_a_pause_an_interval_bursts_or_delays_or_skips_on_the_paused_clock() {
    on_the_paused_clock(|world| {
        let run = |behaviour| world.run(async move { after_a_pause(behaviour).await });
        assert_eq!(run(MissedTickBehavior::Burst), [1_030; 4]);
        assert_eq!(run(MissedTickBehavior::Delay), [1_030, 1_130, 1_230, 1_330]);
        assert_eq!(run(MissedTickBehavior::Skip), [1_030, 1_100, 1_200, 1_300]);
    });
}

#[test]
fn a_tick_that_is_at_most_5_ms_late_does_not_delay_the_next_one_on_the_paused_clock() {
    on_the_paused_clock(|world| {
        let starts_after = |late: u64| {
            world.run(async move {
                let mut ticks = interval(ms(100));
                ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
                let starts = Starts::new();
                ticks.tick().await;
                sleep(ms(100 + late)).await;
                for _ in 0..2 {
                    ticks.tick().await;
                    starts.now();
                }
                starts.all()
            })
        };
        assert_eq!(starts_after(5), [105, 200]);
        assert_eq!(starts_after(6), [106, 206]);
    });
}

#[test]
fn an_interval_saves_up_without_bound_unless_you_tell_it_otherwise_on_the_paused_clock() {
    on_the_paused_clock(|world| {
        let at_once = world.run(async {
            let mut ticks = interval(ms(100));
            ticks.tick().await;
            sleep(ms(60_050)).await;
            let mut count = 0;
            while timeout(Duration::ZERO, ticks.tick()).await.is_ok() {
                count += 1;
            }
            count
        });
        assert_eq!(at_once, 600);
    });
}

/// Four calls that take 130 ms each, at most ten a second; returns when they started.
async fn four_calls(way: fn(Starts) -> futures::future::BoxFuture<'static, ()>) -> Vec<u64> {
    let starts = Starts::new();
    way(starts.clone()).await;
    starts.all()
}

async fn call(starts: Starts) {
    starts.now();
    sleep(ms(130)).await;
}

#[test]
fn a_sleep_after_each_call_adds_its_time_to_the_interval_on_the_paused_clock() {
    on_the_paused_clock(|world| {
        let starts = world.run(four_calls(|starts| {
            Box::pin(async move {
                for _ in 0..4 {
                    call(starts.clone()).await;
                    sleep(ms(100)).await;
                }
            })
        }));
        assert_eq!(starts, [0, 230, 460, 690]);
    });
}

#[test]
fn calls_that_are_awaited_in_the_loop_are_as_slow_as_the_calls_on_the_paused_clock() {
    on_the_paused_clock(|world| {
        let starts = world.run(four_calls(|starts| {
            Box::pin(async move {
                let limit = RateLimit::new(10, SECOND, 1);
                for _ in 0..4 {
                    limit.acquire().await;
                    call(starts.clone()).await;
                }
            })
        }));
        assert_eq!(starts, [0, 130, 260, 390]);
    });
}

#[test]
fn futures_that_are_collected_first_start_together() {
    everywhere(|world| {
        world.run(async {
            let (limit, seen) = (RateLimit::new(200, SECOND, 1), Arc::new(Mutex::new(0)));
            let mut calls = Vec::new();
            for _ in 0..4 {
                limit.acquire().await;
                let seen = Arc::clone(&seen);
                calls.push(async move { *seen.lock().unwrap() += 1 });
            }
            assert_eq!(*seen.lock().unwrap(), 0, "all have their turn, and none has started");
            join_all(calls).await;
            assert_eq!(*seen.lock().unwrap(), 4);
        });
    });
}

#[test]
fn a_task_for_each_call_is_paced_on_the_paused_clock() {
    on_the_paused_clock(|world| {
        let starts = world.run(four_calls(|starts| {
            Box::pin(async move {
                let limit = RateLimit::new(10, SECOND, 1);
                let mut tasks = JoinSet::new();
                for _ in 0..4 {
                    limit.acquire().await;
                    tasks.spawn(call(starts.clone()));
                }
                tasks.join_all().await;
            })
        }));
        assert_eq!(starts, [0, 100, 200, 300]);
    });
}
