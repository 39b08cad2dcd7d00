//! Who waits, in which order, and who is refused.

use super::*;

#[test]
fn calls_start_one_interval_apart() {
    everywhere(|world| {
        let ((), recording) = world.record(async {
            let limit = RateLimit::new(100, SECOND, 1);
            async {
                for _ in 0..6 {
                    limit.acquire().await;
                }
            }
            .lane("six")
            .await;
        });
        world.assert_took(recording.total(), ms(50));
    });
}

#[test]
fn callers_start_in_the_order_in_which_they_came() {
    everywhere(|world| {
        let order = world.run(async {
            let (limit, order) = (RateLimit::new(200, SECOND, 1), Mutex::new(Vec::new()));
            let callers = (0..6).map(|number| {
                let (limit, order) = (&limit, &order);
                async move {
                    limit.acquire().await;
                    order.lock().unwrap().push(number);
                }
            });
            join_all(callers).await;
            order.into_inner().unwrap()
        });
        assert_eq!(order, [0, 1, 2, 3, 4, 5]);
    });
}

#[test]
fn the_first_in_line_starts_first_even_if_the_second_is_polled_first() {
    everywhere(|world| {
        let order = world.run(async {
            let (limit, order) = (RateLimit::new(50, SECOND, 1), Mutex::new(Vec::new()));
            limit.acquire().await;
            let (mut first, mut second) = (Box::pin(limit.acquire()), Box::pin(limit.acquire()));
            _ = futures::poll!(&mut first);
            _ = futures::poll!(&mut second);
            let second = async {
                second.await;
                order.lock().unwrap().push("second");
            };
            let first = async {
                first.await;
                order.lock().unwrap().push("first");
            };
            futures::join!(second, first);
            order.into_inner().unwrap()
        });
        assert_eq!(order, ["first", "second"]);
    });
}

/// A limit of one start an hour, with somebody who waits in line and has been polled.
async fn with_a_waiting_caller<T>(then: impl AsyncFnOnce(&RateLimit, tokio::task::JoinHandle<()>) -> T) -> T {
    let limit = Arc::new(RateLimit::new(1, HOUR, 1));
    limit.try_acquire().unwrap();
    let (waits, polled) = (Arc::clone(&limit), Arc::new(Notify::new()));
    let waiting = Arc::clone(&polled);
    let handle = tokio::spawn(async move {
        let mut start = std::pin::pin!(waits.acquire());
        assert!(futures::poll!(&mut start).is_pending());
        waiting.notify_one();
        start.await;
    });
    polled.notified().await;
    then(&limit, handle).await
}

#[test]
fn who_is_refused_learns_when_to_come_back() {
    everywhere(|world| {
        world.run(async {
            let limit = RateLimit::new(50, SECOND, 1);
            limit.acquire().await;
            if let Err(refused) = limit.try_acquire() {
                assert!(refused.retry_after <= ms(20));
                sleep(refused.retry_after).await;
                limit.try_acquire().unwrap();
            } else {
                assert!(!world.is_paused(), "the machine stood still for 20 ms");
            }
        });
    });
}

#[test]
fn a_refused_call_uses_up_no_start() {
    everywhere(|world| {
        world.run(async {
            let limit = RateLimit::new(1, HOUR, 1);
            limit.try_acquire().unwrap();
            for _ in 0..100 {
                assert!(limit.try_acquire().unwrap_err().retry_after <= HOUR);
                assert!(limit.acquire_within(SECOND).await.unwrap_err().retry_after <= HOUR);
            }
        });
    });
}

#[test]
fn while_a_caller_waits_nobody_overtakes_it() {
    everywhere(|world| {
        world.run(with_a_waiting_caller(async |limit, waiting| {
            let refused = limit.try_acquire().unwrap_err();
            assert!(refused.retry_after > HOUR && refused.retry_after <= 2 * HOUR, "{refused:?}");
            waiting.abort();
        }));
    });
}

#[test]
fn a_dropped_call_loses_its_place_and_uses_up_no_start() {
    everywhere(|world| {
        world.run(with_a_waiting_caller(async |limit, waiting| {
            waiting.abort();
            waiting.await.unwrap_err();
            assert!(limit.try_acquire().unwrap_err().retry_after <= HOUR);
        }));
    });
}

#[test]
fn when_the_first_in_line_leaves_the_next_one_starts_in_its_stead_on_the_paused_clock() {
    on_the_paused_clock(|world| {
        let (starts, left) = world.run(async {
            let (limit, starts) = (RateLimit::new(10, SECOND, 1), Starts::new());
            limit.acquire().await;
            let leaves = timeout(ms(40), limit.acquire());
            let stays = async {
                limit.acquire().await;
                starts.now();
            };
            let (left, ()) = tokio::join!(leaves, stays);
            (starts.all(), left.is_err())
        });
        assert_eq!((starts, left), (vec![100], true));
    });
}

#[test]
fn a_caller_whose_patience_is_too_short_is_refused_at_once() {
    everywhere(|world| {
        let ((), recording) = world.record(async {
            let limit = RateLimit::new(1, HOUR, 1);
            limit.try_acquire().unwrap();
            let caller = limit.acquire_within(HOUR / 2).try_lane("caller").await;
            assert!(caller.unwrap_err().retry_after > HOUR / 2);
        });
        assert_eq!(recording.lane("caller").unwrap().polls.len(), 1);
    });
}

#[test]
fn the_time_to_come_back_counts_those_who_wait_on_the_paused_clock() {
    on_the_paused_clock(|world| {
        world.run(async {
            let limit = RateLimit::new(10, SECOND, 1);
            limit.acquire().await;
            let waiting = async { tokio::join!(limit.acquire(), limit.acquire()) };
            let comes_back = async {
                sleep(ms(30)).await;
                assert_eq!(limit.try_acquire(), Err(Refused { retry_after: ms(270) }));
                assert_eq!(limit.acquire_within(ms(269)).await, Err(Refused { retry_after: ms(270) }));
                assert_eq!(limit.acquire_within(ms(270)).await, Ok(()));
            };
            tokio::join!(waiting, comes_back);
        });
    });
}

#[test]
fn a_call_that_is_cancelled_at_any_await_leaves_the_line_as_it_was_on_the_paused_clock() {
    on_the_paused_clock(|world| {
        world.run(async {
            let make = || {
                let limit = Arc::new(RateLimit::new(10, SECOND, 1));
                let world = Arc::clone(&limit);
                (world, async move {
                    for _ in 0..4 {
                        limit.acquire().await;
                    }
                })
            };
            let judged = cancel_at_every_await(make, async |limit, _at| {
                // Whoever was cancelled has at most one interval left to wait, and nobody waits in its place.
                let wait = limit.try_acquire().map_or_else(|refused| refused.retry_after, |()| Duration::ZERO);
                if wait <= ms(100) { Ok(()) } else { exam::fault(format!("{wait:?}"), "") }
            });
            assert_eq!(judged.await.map_err(|fault| fault.what), Ok(3));
        });
    });
}

#[test]
fn a_refusal_says_its_time_in_milliseconds_rounded_up() {
    let refused = Refused { retry_after: Duration::from_micros(33_334) };
    assert_eq!(refused.to_string(), "refused, come back in 34 ms");
}

#[test]
#[should_panic(expected = "a limit of 0 would let nobody start")]
fn a_limit_of_0_panics() {
    _ = RateLimit::new(0, SECOND, 1);
}

#[test]
#[should_panic(expected = "a limit of 0 would let nobody start")]
fn a_burst_of_0_panics() {
    _ = RateLimit::new(1, SECOND, 0);
}

#[test]
#[should_panic(expected = "at most ten years")]
fn a_limit_per_more_than_ten_years_panics() {
    _ = RateLimit::new(1, Duration::MAX, 1);
}

#[tokio::test]
async fn a_limit_per_ten_years_with_the_largest_burst_works() {
    let limit = RateLimit::new(1, Duration::from_hours(24 * 365 * 10), u32::MAX);
    assert_eq!((limit.try_acquire(), limit.try_acquire()), (Ok(()), Ok(())));
}

#[test]
fn a_caller_whose_task_has_used_up_its_budget_joins_the_line_at_its_first_poll() {
    everywhere(|world| {
        let order = world.run(async {
            let (limit, order) = (RateLimit::new(50, SECOND, 1), Mutex::new(Vec::new()));
            limit.acquire().await;
            let starts = |name| {
                let (limit, order) = (&limit, &order);
                async move {
                    limit.acquire().await;
                    order.lock().unwrap().push(name);
                }
            };
            let (mut first, mut second) = (Box::pin(starts("first")), Box::pin(unconstrained(starts("second"))));
            while has_budget_remaining() {
                _ = futures::poll!(Box::pin(consume_budget()));
            }
            assert!(futures::poll!(&mut first).is_pending());
            // As a caller in another task, which has a budget of its own.
            assert!(futures::poll!(&mut second).is_pending());
            yield_now().await;
            futures::join!(first, second);
            order.into_inner().unwrap()
        });
        assert_eq!(order, ["first", "second"]);
    });
}
