//! The crate governor, on Tokio's clock.

use std::num::NonZeroU32;

use governor::clock::{Clock, ReasonablyRealtime};
use governor::middleware::NoOpMiddleware;
use governor::state::{InMemoryState, NotKeyed};
use governor::{Quota, RateLimiter};

use super::*;

/// Tokio's clock for governor: where Tokio's time is paused, governor's is.
#[derive(Clone)]
struct TokioClock;

impl Clock for TokioClock {
    type Instant = std::time::Instant;

    fn now(&self) -> Self::Instant {
        tokio::time::Instant::now().into_std()
    }
}

impl ReasonablyRealtime for TokioClock {}

fn ten_a_second(burst: u32) -> RateLimiter<NotKeyed, InMemoryState, TokioClock, NoOpMiddleware<std::time::Instant>> {
    let quota = Quota::per_second(NonZeroU32::new(10).unwrap()).allow_burst(NonZeroU32::new(burst).unwrap());
    RateLimiter::direct_with_clock(quota, TokioClock)
}

#[test]
fn governor_on_tokios_clock_lets_the_same_calls_start_as_rate_limit_on_the_paused_clock() {
    on_the_paused_clock(|world| {
        for burst in [1, 2, 5] {
            world.run(async {
                let (ours, theirs) = (RateLimit::new(10, SECOND, burst), ten_a_second(burst));
                let mut started = 0;
                for number in scattered(3).take(2_000) {
                    sleep(ms(number % 170)).await;
                    let their_wait = theirs.check().map_err(|refused| refused.wait_time_from(TokioClock.now()));
                    assert_eq!(ours.try_acquire().map_err(|refused| refused.retry_after), their_wait);
                    started += i32::from(their_wait.is_ok());
                }
                assert!((1_000..2_000).contains(&started), "{started} of 2,000");
            });
        }
    });
}

#[test]
fn governors_until_ready_does_not_follow_tokios_paused_clock() {
    on_the_paused_clock(|world| {
        world.run(async {
            let limiter = ten_a_second(1);
            limiter.check().unwrap();
            // Its timer is a thread of its own, in real time. An hour of Tokio's passes at once.
            timeout(HOUR, limiter.until_ready()).await.unwrap_err();
        });
    });
}

#[test]
fn a_wait_with_governor_and_tokios_sleep_follows_the_paused_clock() {
    on_the_paused_clock(|world| {
        let starts = world.run(async {
            let (limiter, starts) = (ten_a_second(1), Starts::new());
            for _ in 0..4 {
                while let Err(refused) = limiter.check() {
                    sleep(refused.wait_time_from(TokioClock.now())).await;
                }
                starts.now();
            }
            starts.all()
        });
        assert_eq!(starts, [0, 100, 200, 300]);
    });
}

#[test]
fn with_governor_a_newcomer_may_overtake_those_who_wait_on_the_paused_clock() {
    on_the_paused_clock(|world| {
        world.run(async {
            let limiter = ten_a_second(1);
            limiter.check().unwrap();
            let waits = async {
                let refused = limiter.check().unwrap_err();
                sleep(refused.wait_time_from(TokioClock.now())).await;
                limiter.check().is_err()
            };
            // It is polled first when both timers end at 100 ms.
            let newcomer = async {
                sleep(ms(100)).await;
                limiter.check().is_ok()
            };
            assert_eq!(futures::join!(newcomer, waits), (true, true));
        });
    });
}
