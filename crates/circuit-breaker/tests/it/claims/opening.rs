//! When it opens, and what an open one does.

use super::*;

#[test]
fn it_opens_after_this_many_failures_in_a_row() {
    everywhere(|world| {
        world.run(async {
            let breaker = Breaker::new(Policy::in_a_row(3, FOR_EVER));
            for _ in 0..3 {
                assert_eq!(breaker.state(), State::Closed);
                fail(&breaker).await;
            }
            assert_eq!(breaker.state(), State::Open);
        });
    });
}

#[test]
fn a_success_ends_the_row() {
    everywhere(|world| {
        world.run(async {
            let breaker = Breaker::new(Policy::in_a_row(3, FOR_EVER));
            for _ in 0..10 {
                fail(&breaker).await;
                fail(&breaker).await;
                succeed(&breaker).await;
            }
            assert_eq!(breaker.state(), State::Closed);
        });
    });
}

#[test]
fn the_naive_breaker_opens_after_failures_that_are_days_and_successes_apart() {
    everywhere(|world| {
        world.run(async {
            let breaker = Breaker::new(Policy::in_a_row(3, FOR_EVER));
            for _ in 0..3 {
                for _ in 0..1_000 {
                    naive::call(&breaker, ready(Ok::<_, Error>(()))).await.unwrap();
                }
                naive::call(&breaker, ready(Err::<(), _>("down"))).await.unwrap_err();
            }
            assert_eq!(breaker.state(), State::Open);
            let refused = naive::call(&breaker, ready(Ok::<_, Error>(()))).await;
            assert!(matches!(refused, Err(Failed::Refused(Refused { retry_after })) if retry_after > FOR_EVER / 2));
        });
    });
}

#[test]
fn a_rate_opens_although_calls_succeed_in_between() {
    everywhere(|world| {
        world.run(async {
            let (row, rate) = (Policy::in_a_row(2, FOR_EVER), Policy::out_of(2, 4, FOR_EVER));
            for (policy, state) in [(row, State::Closed), (rate, State::Open)] {
                let breaker = Breaker::new(policy);
                fail(&breaker).await;
                succeed(&breaker).await;
                succeed(&breaker).await;
                assert_eq!(breaker.state(), State::Closed);
                fail(&breaker).await;
                assert_eq!(breaker.state(), state);
            }
        });
    });
}

#[test]
fn the_window_of_a_rate_forgets_the_oldest_call() {
    everywhere(|world| {
        world.run(async {
            let breaker = Breaker::new(Policy::out_of(2, 3, FOR_EVER));
            for _ in 0..5 {
                fail(&breaker).await;
                succeed(&breaker).await;
                succeed(&breaker).await;
            }
            assert_eq!(breaker.state(), State::Closed);
            fail(&breaker).await;
            succeed(&breaker).await;
            fail(&breaker).await;
            assert_eq!(breaker.state(), State::Open);
        });
    });
}

#[test]
fn a_rate_of_one_in_two_does_not_open_at_the_first_call_that_fails() {
    everywhere(|world| {
        world.run(async {
            let breaker = Breaker::new(Policy::out_of(5, 10, FOR_EVER));
            for _ in 0..4 {
                fail(&breaker).await;
            }
            assert_eq!(breaker.state(), State::Closed);
        });
    });
}

#[test]
fn a_policy_that_can_never_open_is_a_panic() {
    assert!(std::panic::catch_unwind(|| Policy::in_a_row(0, PAUSE)).is_err());
    assert!(std::panic::catch_unwind(|| Policy::out_of(4, 3, PAUSE)).is_err());
    assert_eq!(Policy::out_of(3, 3, PAUSE), Policy::in_a_row(3, PAUSE));
}

#[test]
fn an_open_breaker_drops_the_call_without_polling_it() {
    everywhere(|world| {
        let (refused, recording) = world.record(async {
            let breaker = opened(1, FOR_EVER).await;
            breaker.call(ready(Ok::<(), Error>(())).try_lane("work")).await
        });
        assert!(matches!(refused, Err(Failed::Refused(_))));
        assert_eq!(recording.ended(Outcome::NeverStarted), ["work"]);
    });
}

#[test]
fn a_call_that_was_spawned_runs_even_if_the_breaker_refuses_it() {
    everywhere(|world| {
        world.run(async {
            let breaker = opened(1, FOR_EVER).await;
            let (sender, called) = oneshot::channel();
            let work = tokio::spawn(async move {
                _ = sender.send(());
                Ok::<_, Error>(())
            });
            let refused = breaker.call(async { work.await.unwrap() }).await;
            assert!(matches!(refused, Err(Failed::Refused(_))));
            assert_eq!(called.await, Ok(()));
        });
    });
}

#[test]
fn a_refused_caller_learns_how_long_the_pause_still_is() {
    everywhere(|world| {
        world.run(async {
            let breaker = opened(1, ms(3_600_000)).await;
            sleep(ms(40)).await;
            let Refused { retry_after } = breaker.enter().unwrap_err();
            assert!(retry_after <= ms(3_600_000 - 40) && retry_after > ms(3_000_000), "{retry_after:?}");
            if world.is_paused() {
                assert_eq!(retry_after, ms(3_600_000 - 40));
            }
        });
    });
}

#[test]
fn the_longest_pause_is_a_year() {
    everywhere(|world| {
        world.run(async {
            let breaker = opened(1, Duration::MAX).await;
            let Refused { retry_after } = breaker.enter().unwrap_err();
            let days = retry_after.as_secs().div_ceil(24 * 3_600);
            assert_eq!(days, 365);
        });
    });
}

#[test]
fn an_error_that_does_not_count_is_returned_and_ends_the_row() {
    everywhere(|world| {
        world.run(async {
            let breaker = Breaker::new(Policy::in_a_row(2, FOR_EVER));
            for _ in 0..3 {
                fail(&breaker).await;
                let missing = breaker.call_if(ready(Err::<(), _>(404)), |status| *status >= 500).await;
                assert_eq!(missing, Err(Failed::Backend(404)));
            }
            assert_eq!(breaker.state(), State::Closed);
            for _ in 0..2 {
                breaker.call_if(ready(Err::<(), _>(503)), |status| *status >= 500).await.unwrap_err();
            }
            assert_eq!(breaker.state(), State::Open);
        });
    });
}

#[test]
fn a_slow_answer_is_returned_and_counts_as_a_failure() {
    everywhere(|world| {
        world.run(async {
            let slow = Policy::in_a_row(2, FOR_EVER).slow_after(ms(10));
            for (policy, state) in [(slow, State::Open), (Policy::in_a_row(2, FOR_EVER), State::Closed)] {
                let breaker = Breaker::new(policy);
                for answer in 1..=2 {
                    let work = async {
                        sleep(ms(30)).await;
                        Ok::<_, Error>(answer)
                    };
                    assert_eq!(breaker.call(work).await, Ok(answer));
                }
                assert_eq!(breaker.state(), state);
            }
        });
    });
}

#[test]
fn an_answer_that_takes_exactly_the_limit_is_not_slow_on_the_paused_clock() {
    room::on_the_paused_clock(|world| {
        world.run(async {
            let breaker = Breaker::new(Policy::in_a_row(1, FOR_EVER).slow_after(ms(10)));
            breaker.call(sleep(ms(10)).map(Ok::<_, Error>)).await.unwrap();
            assert_eq!(breaker.state(), State::Closed);
            breaker.call(sleep(ms(11)).map(Ok::<_, Error>)).await.unwrap();
            assert_eq!(breaker.state(), State::Open);
        });
    });
}

#[test]
fn calls_run_side_by_side() {
    everywhere(|world| {
        world.run(async {
            let (breaker, both) = (Arc::new(Breaker::new(Policy::in_a_row(1, FOR_EVER))), Arc::new(Barrier::new(2)));
            let caller = || {
                let (breaker, both) = (Arc::clone(&breaker), Arc::clone(&both));
                // Each ends only if both are under way.
                tokio::spawn(async move { breaker.call(both.wait().map(|_| Ok::<_, Error>(()))).await })
            };
            let (first, second) = (caller(), caller());
            assert_eq!((first.await.unwrap(), second.await.unwrap()), (Ok(()), Ok(())));
        });
    });
}

#[test]
fn a_cancelled_call_of_a_closed_breaker_counts_for_nothing() {
    everywhere(|world| {
        world.run(async {
            let breaker = Breaker::new(Policy::in_a_row(2, FOR_EVER));
            fail(&breaker).await;
            assert!(breaker.call(pending::<Answer>()).now_or_never().is_none());
            assert_eq!(breaker.state(), State::Closed);
            // It did not end the row either.
            fail(&breaker).await;
            assert_eq!(breaker.state(), State::Open);
        });
    });
}

#[test]
fn a_panic_of_the_caller_counts_for_nothing_and_the_breaker_goes_on() {
    everywhere(|world| {
        world.run(async {
            let breaker = Breaker::new(Policy::in_a_row(1, FOR_EVER));
            let panics = breaker.call(async { panic!("a bug of the caller") as Answer });
            assert!(AssertUnwindSafe(panics).catch_unwind().await.is_err());
            assert_eq!(breaker.state(), State::Closed);
            succeed(&breaker).await;
        });
    });
}

#[test]
fn each_backend_needs_a_breaker_of_its_own() {
    everywhere(|world| {
        world.run(async {
            let (shared, own) = (opened(1, FOR_EVER).await, Breaker::new(Policy::in_a_row(1, FOR_EVER)));
            // The other backend is up.
            assert!(is_refused(&shared).await);
            assert!(!is_refused(&own).await);
        });
    });
}
