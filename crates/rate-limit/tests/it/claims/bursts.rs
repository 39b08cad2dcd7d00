//! How many start at once, and in any span of time.

use super::*;

#[test]
fn the_burst_starts_at_once_and_then_the_interval_counts() {
    everywhere(|world| {
        world.run(async {
            let limit = RateLimit::new(1, HOUR, 3);
            for _ in 0..3 {
                limit.try_acquire().unwrap();
            }
            let refused = limit.try_acquire().unwrap_err();
            assert!(refused.retry_after <= HOUR && refused.retry_after > HOUR / 2, "{refused:?}");
        });
    });
}

#[test]
fn a_pause_saves_up_the_burst_and_no_more_on_the_paused_clock() {
    on_the_paused_clock(|world| {
        world.run(async {
            let limit = RateLimit::new(10, SECOND, 3);
            for (pause, starts) in [(0, 3), (100, 1), (250, 2), (300, 3), (600_000, 3)] {
                sleep(ms(pause)).await;
                let now = (0..10).filter(|_| limit.try_acquire().is_ok()).count();
                // Of the 250 ms, 50 are left for the next one, and are lost in the pause that fills everything.
                assert_eq!(now, starts, "after {pause} ms");
            }
        });
    });
}

/// Callers at random moments, some of whom wait.
async fn busy_afternoon(limit: RateLimit) -> Starts {
    let (limit, starts) = (Arc::new(limit), Starts::new());
    let mut callers = JoinSet::new();
    let mut at = starts.0;
    for (index, number) in scattered(7).take(600).enumerate() {
        // Now and then a pause, and then many at once.
        at += ms(match index % 20 {
            0 => 2_000,
            1..=11 => 0,
            _ => number % 200,
        });
        let (limit, starts) = (Arc::clone(&limit), starts.clone());
        callers.spawn(async move {
            sleep_until(at).await;
            if limit.acquire_within(ms(number % 700)).await.is_ok() {
                starts.now();
            }
        });
    }
    callers.join_all().await;
    starts
}

#[test]
fn in_any_second_at_most_the_burst_and_ten_more_start_on_the_paused_clock() {
    on_the_paused_clock(|world| {
        for burst in [1, 2, 5, 10] {
            let starts = world.run(async { busy_afternoon(RateLimit::new(10, SECOND, burst)).await });
            for (span, steps) in [(1, 0), (100, 0), (101, 1), (1_000, 9), (1_001, 10)] {
                let most = burst as usize + steps;
                assert!(starts.most_in(span) <= most, "{} in {span} ms, burst {burst}", starts.most_in(span));
            }
            assert!(starts.most_in(1) == burst as usize, "sometimes the whole burst");
            assert!(starts.all().len() > 300, "most of them start");
        }
    });
}

/// One call at 0 s, and twenty more just before the second is over.
async fn around_the_border(starts: impl AsyncFn()) {
    starts().await;
    sleep(ms(975)).await;
    let twenty: Vec<_> = (0..20).map(|_| starts()).collect();
    _ = timeout(ms(50), join_all(twenty)).await;
}

#[test]
fn a_fixed_window_lets_19_of_10_through_in_50_ms_on_the_paused_clock() {
    on_the_paused_clock(|world| {
        let starts = world.run(async {
            let (window, starts) = (naive::FixedWindow::new(10, SECOND), Starts::new());
            around_the_border(async || {
                window.acquire_within(Duration::MAX).await.unwrap();
                starts.now();
            })
            .await;
            starts
        });
        assert_eq!(starts.most_in(50), 19);
    });
}

#[test]
fn a_fixed_window_is_right_inside_of_the_window() {
    everywhere(|world| {
        world.run(async {
            let window = naive::FixedWindow::new(2, HOUR);
            assert_eq!((window.try_acquire(), window.try_acquire()), (Ok(()), Ok(())));
            for refused in [window.try_acquire(), window.acquire_within(SECOND).await] {
                let rest = refused.unwrap_err().retry_after;
                assert!(rest > SECOND && rest <= HOUR, "{rest:?}");
            }
        });
    });
}

#[test]
fn a_fixed_window_lets_a_caller_wait_exactly_as_long_as_its_patience_on_the_paused_clock() {
    on_the_paused_clock(|world| {
        world.run(async {
            let window = naive::FixedWindow::new(1, SECOND);
            assert_eq!(window.try_acquire(), Ok(()));
            assert_eq!(window.acquire_within(ms(999)).await, Err(Refused { retry_after: SECOND }));
            assert_eq!(window.acquire_within(SECOND).await, Ok(()));
        });
    });
}

#[test]
fn a_burst_of_10_lets_10_through_at_the_border_and_19_in_a_second_on_the_paused_clock() {
    on_the_paused_clock(|world| {
        for (burst, in_50_ms, in_a_second) in [(1, 1, 10), (2, 2, 11), (10, 10, 19)] {
            let [narrow, wide] = world.run(async {
                let (limit, starts) = (RateLimit::new(10, SECOND, burst), Starts::new());
                let start = async || {
                    limit.acquire().await;
                    starts.now();
                };
                around_the_border(start).await;
                let narrow = starts.most_in(50);
                _ = timeout(3 * SECOND, join_all((0..40).map(|_| start()))).await;
                [narrow, starts.most_in(1_000)]
            });
            assert_eq!((narrow, wide), (in_50_ms, in_a_second), "burst {burst}");
        }
    });
}

#[test]
fn ten_thousand_a_second_need_a_burst_because_a_timer_counts_milliseconds_on_the_paused_clock() {
    on_the_paused_clock(|world| {
        for (burst, expected) in [(1, 1_000..=1_001), (20, 10_000..=10_020)] {
            let count = world.run(async {
                let limit = RateLimit::new(10_000, SECOND, burst);
                let mut count = 0;
                let starts = async {
                    loop {
                        limit.acquire().await;
                        count += 1;
                    }
                };
                timeout(SECOND, starts).await.unwrap_err();
                count
            });
            assert!(expected.contains(&count), "{count} with a burst of {burst}");
        }
    });
}

#[test]
fn a_limit_in_each_task_limits_nothing() {
    everywhere(|world| {
        world.run(async {
            let mut tasks = JoinSet::new();
            for _ in 0..20 {
                tasks.spawn(async { RateLimit::new(1, HOUR, 1).try_acquire().is_ok() });
            }
            assert!(tasks.join_all().await.into_iter().all(|started| started));
            let shared = Arc::new(RateLimit::new(1, HOUR, 1));
            let mut tasks = JoinSet::new();
            for _ in 0..20 {
                let shared = Arc::clone(&shared);
                tasks.spawn(async move { shared.try_acquire().is_ok() });
            }
            assert_eq!(tasks.join_all().await.into_iter().filter(|started| *started).count(), 1);
        });
    });
}

/// So many calls that take so long, ten a second; returns the most that were under way.
async fn ten_a_second(count: usize, takes: Duration, places: Option<usize>) -> (usize, Duration) {
    let (limit, places) = (RateLimit::new(10, SECOND, 1), places.map(Semaphore::new));
    let (now, most) = (std::cell::Cell::new(0_usize), std::cell::Cell::new(0));
    let begun = Instant::now();
    let calls = (0..count).map(|_| async {
        let _place = match &places {
            Some(places) => Some(places.acquire().await.unwrap()),
            None => None,
        };
        limit.acquire().await;
        now.set(now.get() + 1);
        most.set(now.get().max(most.get()));
        sleep(takes).await;
        now.set(now.get() - 1);
    });
    join_all(calls).await;
    (most.get(), begun.elapsed())
}

#[test]
fn a_rate_does_not_limit_how_many_are_under_way_on_the_paused_clock() {
    on_the_paused_clock(|world| {
        assert_eq!(world.run(async { ten_a_second(100, ms(2_950), None).await.0 }), 30);
        assert_eq!(world.run(async { ten_a_second(100, ms(2_950), Some(5)).await.0 }), 5);
    });
}

#[test]
fn a_semaphore_does_not_limit_the_rate_on_the_paused_clock() {
    on_the_paused_clock(|world| {
        world.run(async {
            let (place, starts) = (Semaphore::new(1), Starts::new());
            let calls = (0..500).map(|_| async {
                let _place = place.acquire().await.unwrap();
                starts.now();
                sleep(ms(1)).await;
            });
            join_all(calls).await;
            assert_eq!(starts.most_in(1_000), 500);
        });
    });
}
