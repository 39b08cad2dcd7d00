//! With a timeout, and with a retry.

use std::io;

use super::*;

#[test]
fn a_timeout_inside_of_the_call_is_a_failure() {
    everywhere(|world| {
        world.run(async {
            let breaker = Breaker::new(Policy::in_a_row(2, FOR_EVER));
            for _ in 0..2 {
                let failed = breaker.call(async { timeout(ms(5), pending::<io::Result<()>>()).await? }).await;
                assert!(matches!(failed, Err(Failed::Backend(error)) if error.kind() == io::ErrorKind::TimedOut));
            }
            assert_eq!(breaker.state(), State::Open);
        });
    });
}

#[test]
fn without_a_question_mark_a_timeout_inside_of_the_call_hides_the_errors_of_the_work() {
    everywhere(|world| {
        world.run(async {
            let breaker = Breaker::new(Policy::in_a_row(2, FOR_EVER));
            let work = async || Err::<(), _>(io::Error::other("down"));
            for _ in 0..4 {
                let ended = breaker.call(timeout(ms(5), work())).await;
                assert!(matches!(ended, Ok(Err(_down))));
            }
            assert_eq!(breaker.state(), State::Closed);
            for _ in 0..2 {
                let ended = breaker.call(async { timeout(ms(5), work()).await? }).await;
                assert!(matches!(ended, Err(Failed::Backend(_down))));
            }
            assert_eq!(breaker.state(), State::Open);
        });
    });
}

#[test]
fn with_a_timeout_around_the_breaker_a_backend_that_hangs_never_opens_it() {
    everywhere(|world| {
        world.run(async {
            let breaker = Breaker::new(Policy::in_a_row(2, FOR_EVER));
            for _ in 0..4 {
                timeout(ms(5), breaker.call(pending::<Answer>())).await.unwrap_err();
            }
            assert_eq!(breaker.state(), State::Closed);
        });
    });
}

/// Three attempts without pauses. A refusal is not tried again.
async fn retry<F>(mut attempt: impl FnMut() -> F) -> Result<(), Failed<Error>>
where
    F: Future<Output = Result<(), Failed<Error>>>,
{
    let mut last = attempt().await;
    for _ in 1..3 {
        if !matches!(last, Err(Failed::Backend(_))) {
            break;
        }
        last = attempt().await;
    }
    last
}

#[test]
fn a_retry_around_the_breaker_stops_when_the_circuit_opens() {
    everywhere(|world| {
        let calls = AtomicUsize::new(0);
        world.run(async {
            let breaker = Breaker::new(Policy::in_a_row(2, FOR_EVER));
            let ended = retry(|| {
                breaker.call(async {
                    calls.fetch_add(1, Ordering::Relaxed);
                    Err("down")
                })
            });
            assert!(matches!(ended.await, Err(Failed::Refused(_))));
        });
        assert_eq!(calls.into_inner(), 2);
    });
}

#[test]
fn a_retry_inside_of_the_call_makes_three_calls_for_one_failure() {
    everywhere(|world| {
        let calls = AtomicUsize::new(0);
        world.run(async {
            let breaker = Breaker::new(Policy::in_a_row(2, FOR_EVER));
            for state in [State::Closed, State::Open] {
                let retried = retry(async || {
                    calls.fetch_add(1, Ordering::Relaxed);
                    Err(Failed::Backend("down"))
                });
                breaker.call(retried).await.unwrap_err();
                assert_eq!(breaker.state(), state);
            }
        });
        assert_eq!(calls.into_inner(), 6);
    });
}

#[test]
fn the_errors_are_sentences() {
    let refused = Refused { retry_after: ms(1_500) };
    assert_eq!(Failed::<Error>::from(refused).to_string(), "the circuit is open: try again in 1.5s");
    assert_eq!(Failed::Backend("down").to_string(), "down");
}
