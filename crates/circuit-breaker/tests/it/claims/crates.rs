//! What the crates do that people take in production. Their clock is the standard library's, so the pauses are real.

use std::thread;

use failsafe::futures::CircuitBreaker as _;
use failsafe::{backoff, failure_policy};
use recloser::{AsyncRecloser, Recloser};
use tower::{Layer, ServiceExt, service_fn};
use tower_resilience_circuitbreaker::{CircuitBreakerError, CircuitBreakerLayer};

use super::*;

/// Their pause, and a little more.
fn wait_for_their_pause() {
    thread::sleep(ms(3));
}

const THEIR_PAUSE: Duration = Duration::from_millis(1);

/// Calls through failsafe, whose circuit opens after three failures in a row.
fn failsafe_breaker(pause: Duration) -> impl Call {
    let policy = failure_policy::consecutive_failures(3, backoff::constant(pause));
    let breaker = failsafe::Config::new().failure_policy(policy).build();
    move |work| breaker.call(work).map(|ended| !matches!(ended, Err(failsafe::Error::Rejected))).boxed()
}

/// Calls through recloser, whose circuit opens at the third failure: the first two fill its window.
fn recloser_breaker(pause: Duration) -> impl Call {
    let breaker = AsyncRecloser::from(Recloser::custom().closed_len(2).half_open_len(1).open_wait(pause).build());
    move |work| breaker.call(work).map(|ended| !matches!(ended, Err(recloser::Error::Rejected))).boxed()
}

/// Calls a tower service that awaits what it is asked for. The circuit opens after three failures in a row.
fn tower_breaker(pause: Duration) -> impl Call {
    let layer = CircuitBreakerLayer::builder().consecutive_failures(3).wait_duration_in_open(pause);
    let service = layer.build().unwrap().layer(service_fn(|work: BoxFuture<'static, Answer>| work));
    move |work| {
        service.clone().oneshot(work).map(|ended| !matches!(ended, Err(CircuitBreakerError::OpenCircuit))).boxed()
    }
}

/// A circuit that three failures have opened, and its pause is over.
async fn after_their_pause<C: Call>(breaker: impl Fn(Duration) -> C) -> C {
    // Another one with a long pause shows that three failures open it.
    let open = breaker(FOR_EVER);
    assert_eq!(let_through(3, Err("down"), &open).await, 3);
    assert_eq!(let_through(1, Ok(()), &open).await, 0);
    let call = breaker(THEIR_PAUSE);
    assert_eq!(let_through(3, Err("down"), &call).await, 3);
    wait_for_their_pause();
    call
}

#[test]
fn failsafe_lets_all_fifty_through_while_it_is_half_open() {
    everywhere(|world| {
        let call = async { let_through(50, Err("down"), after_their_pause(failsafe_breaker).await).await };
        assert_eq!(world.run(call), 50);
    });
}

#[test]
fn recloser_lets_all_fifty_through_while_it_is_half_open() {
    everywhere(|world| {
        let call = async { let_through(50, Err("down"), after_their_pause(recloser_breaker).await).await };
        assert_eq!(world.run(call), 50);
    });
}

#[test]
fn tower_resilience_lets_one_of_fifty_through_while_it_is_half_open() {
    everywhere(|world| {
        world.run(async {
            let call = after_their_pause(tower_breaker).await;
            assert_eq!(let_through(50, Ok(()), &call).await, 1);
            assert_eq!(let_through(50, Ok(()), &call).await, 50);
        });
    });
}

#[test]
fn a_cancelled_probe_of_tower_resilience_gives_its_place_back_and_one_that_hangs_keeps_it() {
    everywhere(|world| {
        world.run(async {
            let call = after_their_pause(tower_breaker).await;
            assert!(call(pending().boxed()).now_or_never().is_none());
            let mut hangs = call(pending().boxed());
            assert!(futures::poll!(&mut hangs).is_pending());
            wait_for_their_pause();
            assert_eq!(let_through(50, Ok(()), &call).await, 0);
            drop(hangs);
            assert_eq!(let_through(50, Ok(()), &call).await, 1);
        });
    });
}

#[test]
fn a_call_from_before_it_opened_closes_a_half_open_circuit_of_tower_resilience() {
    everywhere(|world| {
        world.run(async {
            let call = tower_breaker(THEIR_PAUSE);
            let (gate, end) = oneshot::channel();
            let mut early = call(async { end.await.unwrap() }.boxed());
            assert!(futures::poll!(&mut early).is_pending());
            let_through(3, Err("down"), &call).await;
            wait_for_their_pause();
            let mut probe = call(pending().boxed());
            assert!(futures::poll!(&mut probe).is_pending());
            assert_eq!(let_through(50, Ok(()), &call).await, 0);
            gate.send(Ok(())).unwrap();
            assert!(early.await);
            assert_eq!(let_through(50, Ok(()), &call).await, 50);
        });
    });
}
