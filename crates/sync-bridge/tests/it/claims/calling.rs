//! Synchronous code calls async code.

use std::future::pending;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Once, mpsc};
use std::thread;
use std::time::Duration;

use room::{everywhere, on_the_real_clock};
use sync_bridge::prices::{Closed, Prices};
use sync_bridge::{Bridge, CallError, naive};
use tokio::sync::Barrier;
use tokio::time::timeout;
use tracing::{Span, info_span};

use super::{Gone, LIMIT, Slow, becomes, is, panic_of};

const NOW: Duration = Duration::ZERO;

#[test]
fn calls_from_two_threads_run_at_once_on_one_runtime() {
    let (bridge, meeting) = (Bridge::start().unwrap(), Arc::new(Barrier::new(2)));
    let threads = thread::scope(|scope| {
        let call = || {
            let meeting = Arc::clone(&meeting);
            // Neither call ends before the other has come.
            let meet = async move {
                meeting.wait().await;
                thread::current().id()
            };
            bridge.call(meet).unwrap()
        };
        [scope.spawn(call), scope.spawn(call)].map(|caller| caller.join().unwrap())
    });
    assert_eq!(threads[0], threads[1], "one worker runs both");
}

#[test]
fn a_connection_lives_on_between_two_calls() {
    let bridge = Bridge::start().unwrap();
    let prices = bridge.call(Prices::connect(NOW)).unwrap();
    let ask = || {
        let prices = prices.clone();
        bridge.call(async move { prices.ask("tea", NOW).await }).unwrap()
    };
    assert_eq!([ask(), ask()], [Ok(3), Ok(3)]);
}

#[test]
fn a_connection_ends_with_the_runtime_of_its_call() {
    let prices = naive::call(Prices::connect(NOW)).unwrap();
    assert_eq!(naive::call(prices.ask("tea", NOW)).unwrap(), Err(Closed));
}

#[test]
fn a_task_goes_on_between_two_calls() {
    let bridge = Bridge::start().unwrap();
    let (sender, answers) = mpsc::channel();
    bridge.call(async move { drop(tokio::spawn(async move { sender.send(1) })) }).unwrap();
    // Nobody is in a call now.
    assert_eq!(answers.recv_timeout(LIMIT), Ok(1));
}

#[test]
fn an_error_of_the_call_comes_back_as_it_is() {
    let bridge = Bridge::start().unwrap();
    assert_eq!(bridge.call(async { Err::<(), _>(Closed) }), Ok(Err(Closed)));
}

#[test]
fn a_panic_of_a_call_is_an_error_and_the_bridge_goes_on() {
    let bridge = Bridge::start().unwrap();
    let said = bridge.call(async { panic!("no such price") });
    assert_eq!(said, Err::<(), _>(CallError::Panicked("no such price".to_owned())));
    let number = 7;
    let said = bridge.call(async move { panic!("no price {number}") });
    assert_eq!(said, Err::<(), _>(CallError::Panicked("no price 7".to_owned())));
    let said = bridge.call(async { std::panic::panic_any(7) });
    assert_eq!(said.map(|(): ()| ()).unwrap_err().to_string(), "the call panicked: a panic without words");
    assert_eq!(bridge.call(async { 1 }), Ok(1));
}

#[test]
fn a_panic_in_a_plain_block_on_is_a_panic_of_the_caller() {
    assert_eq!(panic_of(|| naive::call(async { panic!("no such price") })), "no such price");
}

#[test]
fn stopping_a_bridge_ends_the_calls_that_wait() {
    let bridge = Bridge::start().unwrap();
    let (begun, has_begun) = mpsc::channel();
    let (held, gone) = Gone::new();
    thread::scope(|scope| {
        let waits = scope.spawn(|| {
            bridge.call(async move {
                let _held = held;
                begun.send(()).unwrap();
                pending::<()>().await;
            })
        });
        has_begun.recv_timeout(LIMIT).unwrap();
        bridge.stop(LIMIT);
        assert!(is(&gone), "the work is dropped when `stop` returns");
        assert_eq!(waits.join().unwrap(), Err(CallError::Stopped));
    });
}

#[test]
fn stopping_a_bridge_drops_what_calls_have_spawned() {
    let bridge = Bridge::start().unwrap();
    let (held, seen) = Slow::new();
    let (begun, has_begun) = mpsc::channel();
    let spawns = async move {
        tokio::spawn(async move {
            let _held = held;
            begun.send(()).unwrap();
            pending::<()>().await;
        });
    };
    bridge.call(spawns).unwrap();
    has_begun.recv_timeout(LIMIT).unwrap();
    bridge.stop(LIMIT);
    assert!(seen.was_waited_for());
}

#[test]
fn stop_waits_no_longer_than_its_limit() {
    let bridge = Bridge::start().unwrap();
    let (release, released) = mpsc::channel::<()>();
    let (begun, has_begun) = mpsc::channel();
    bridge.call(async move { drop(tokio::task::spawn_blocking(move || (begun.send(()), released.recv()))) }).unwrap();
    has_begun.recv_timeout(LIMIT).unwrap();
    // The closure cannot be stopped; this returns all the same.
    bridge.stop(Duration::from_millis(1));
    drop(release);
}

#[test]
fn while_one_thread_waits_in_stop_another_stop_returns_at_once() {
    let bridge = Bridge::start().unwrap();
    let (release, released) = mpsc::channel::<()>();
    let (begun, has_begun) = mpsc::channel();
    bridge.call(async move { drop(tokio::task::spawn_blocking(move || (begun.send(()), released.recv()))) }).unwrap();
    has_begun.recv_timeout(LIMIT).unwrap();
    thread::scope(|scope| {
        let waits = scope.spawn(|| bridge.stop(LIMIT));
        // Calls are refused as soon as the first `stop` has begun.
        while bridge.call(async {}).is_ok() {
            thread::yield_now();
        }
        bridge.stop(LIMIT);
        assert!(!waits.is_finished());
        drop(release);
        waits.join().unwrap();
    });
}

#[test]
fn a_stopped_bridge_refuses_calls_and_can_be_stopped_again() {
    let bridge = Bridge::start().unwrap();
    bridge.stop(LIMIT);
    bridge.stop(LIMIT);
    assert_eq!(bridge.call(async { 1 }), Err(CallError::Stopped));
}

#[test]
fn a_time_limit_inside_of_a_call_drops_the_work() {
    let bridge = Bridge::start().unwrap();
    let (held, gone) = Gone::new();
    let work = async move {
        let _held = held;
        pending::<()>().await;
    };
    let answer = bridge.call(async { timeout(Duration::from_millis(1), work).await });
    assert!(answer.unwrap().is_err());
    assert!(is(&gone));
}

#[test]
fn a_bridge_can_be_dropped_in_async_code() {
    everywhere(|world| {
        let (held, gone) = Gone::new();
        let bridge = Bridge::start().unwrap();
        let spawns = async move { drop(tokio::spawn(async move { (held, pending::<()>().await) })) };
        bridge.call(spawns).unwrap();
        world.run(async move { drop(bridge) });
        // It drops the tasks, and does not wait for that.
        assert!(becomes(&gone));
    });
}

#[test]
fn a_call_in_async_code_panics_and_its_future_never_runs() {
    everywhere(|world| {
        let bridge = Bridge::start().unwrap();
        let runs = Arc::<AtomicUsize>::default();
        let counter = Arc::clone(&runs);
        let words =
            panic_of(|| world.run(async { bridge.call(async move { counter.fetch_add(1, Ordering::SeqCst) }) }));
        assert!(words.starts_with("Cannot start a runtime from within a runtime."), "{words}");
        bridge.stop(LIMIT);
        assert_eq!(runs.load(Ordering::SeqCst), 0);
        assert_eq!(Arc::strong_count(&runs), 1, "the future is dropped");
    });
}

#[test]
fn a_plain_block_on_in_async_code_panics() {
    everywhere(|world| {
        let words = panic_of(|| world.run(async { naive::call_here(async {}) }));
        assert!(words.starts_with("Cannot start a runtime from within a runtime."), "{words}");
        let words = panic_of(|| world.run(async { naive::call(async {}) }));
        assert!(words.starts_with("Cannot start a runtime from within a runtime."), "{words}");
    });
}

#[test]
fn stopping_a_bridge_in_async_code_panics() {
    everywhere(|world| {
        let bridge = Bridge::start().unwrap();
        let words = panic_of(|| world.run(async { bridge.stop(LIMIT) }));
        assert!(words.starts_with("Cannot drop a runtime in a context where blocking is not allowed."), "{words}");
    });
}

#[test]
fn a_call_may_be_made_on_the_blocking_pool_of_another_runtime() {
    on_the_real_clock(|world| {
        let bridge = Bridge::start().unwrap();
        let answer = world.run(async { tokio::task::spawn_blocking(move || bridge.call(async { 1 })).await });
        assert_eq!(answer.unwrap(), Ok(1));
    });
}

#[test]
fn a_call_carries_the_span_of_its_caller() {
    // A subscriber that all threads share, as in production.
    static ONCE: Once = Once::new();
    ONCE.call_once(|| tracing::subscriber::set_global_default(tracing_subscriber::registry()).unwrap());
    let span = || Span::current().metadata().map(tracing::Metadata::name);
    let bridge = Bridge::start().unwrap();
    let there = info_span!("request").in_scope(|| bridge.call(async move { span() }));
    assert_eq!(there, Ok(Some("request")));
    assert_eq!(bridge.call(async move { span() }), Ok(None));
}
