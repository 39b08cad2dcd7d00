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

fn failsafe_breaker() -> impl failsafe::futures::CircuitBreaker + Clone + Send + Sync + 'static {
    let policy = failure_policy::consecutive_failures(3, backoff::constant(THEIR_PAUSE));
    failsafe::Config::new().failure_policy(policy).build()
}

/// Calls a tower service that awaits what it is asked for. The circuit opens after three failures in a row.
fn tower_breaker() -> impl Call {
    let layer = CircuitBreakerLayer::builder().consecutive_failures(3).wait_duration_in_open(THEIR_PAUSE);
    let service = layer.build().unwrap().layer(service_fn(|work: BoxFuture<'static, Answer>| work));
    move |work| {
        service.clone().oneshot(work).map(|ended| !matches!(ended, Err(CircuitBreakerError::OpenCircuit))).boxed()
    }
}

#[test]
fn failsafe_lets_all_fifty_through_while_it_is_half_open() {
    everywhere(|world| {
        world.run(async {
            let breaker = failsafe_breaker();
            let call = move |work: BoxFuture<'static, Answer>| {
                let breaker = breaker.clone();
                async move { !matches!(breaker.call(work).await, Err(failsafe::Error::Rejected)) }.boxed()
            };
            assert_eq!(let_through(3, Err("down"), &call).await, 3);
            assert_eq!(let_through(1, Ok(()), &call).await, 0, "it is open");
            wait_for_their_pause();
            assert_eq!(let_through(50, Err("down"), &call).await, 50);
        });
    });
}

#[test]
fn recloser_lets_all_fifty_through_while_it_is_half_open() {
    everywhere(|world| {
        world.run(async {
            let breaker = Recloser::custom().closed_len(3).half_open_len(1).open_wait(THEIR_PAUSE).build();
            let breaker = AsyncRecloser::from(breaker);
            let call = move |work: BoxFuture<'static, Answer>| {
                let breaker = breaker.clone();
                async move { !matches!(breaker.call(work).await, Err(recloser::Error::Rejected)) }.boxed()
            };
            // The fourth failure opens it: the first three fill its ring.
            assert_eq!(let_through(4, Err("down"), &call).await, 4);
            assert_eq!(let_through(1, Ok(()), &call).await, 0, "it is open");
            wait_for_their_pause();
            assert_eq!(let_through(50, Err("down"), &call).await, 50);
        });
    });
}

#[test]
fn tower_resilience_lets_one_of_fifty_through_while_it_is_half_open() {
    everywhere(|world| {
        world.run(async {
            let call = tower_breaker();
            assert_eq!(let_through(3, Err("down"), &call).await, 3);
            assert_eq!(let_through(1, Ok(()), &call).await, 0, "it is open");
            wait_for_their_pause();
            assert_eq!(let_through(50, Ok(()), &call).await, 1);
            assert_eq!(let_through(50, Ok(()), &call).await, 50);
        });
    });
}

#[test]
fn a_cancelled_probe_of_tower_resilience_gives_its_place_back_and_one_that_hangs_keeps_it() {
    everywhere(|world| {
        world.run(async {
            let call = tower_breaker();
            let_through(3, Err("down"), &call).await;
            wait_for_their_pause();
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
            let call = tower_breaker();
            let (gate, end) = oneshot::channel();
            let early = tokio::spawn(call(async { end.await.unwrap() }.boxed()));
            let_through(3, Err("down"), &call).await;
            wait_for_their_pause();
            let mut probe = call(pending().boxed());
            assert!(futures::poll!(&mut probe).is_pending());
            assert_eq!(let_through(50, Ok(()), &call).await, 0);
            gate.send(Ok(())).unwrap();
            early.await.unwrap();
            assert_eq!(let_through(50, Ok(()), &call).await, 50);
        });
    });
}
