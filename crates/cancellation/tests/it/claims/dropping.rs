//! Dropping.

use super::*;

#[test]
fn dropping_is_cancelling() {
    let ((), recording) = record(Clock::Virtual, async {
        let mut work = Box::pin(sleep(ms(50)).lane("work"));
        assert!(timeout(ms(20), &mut work).await.is_err());
        drop(work);
    });
    assert_eq!(recording.cancelled(), ["work"]);
    assert_eq!(recording.total(), 20_000);
}

#[test]
fn there_is_no_exception_to_swallow() {
    let ((), recording) = record(Clock::Virtual, async {
        let stubborn = async {
            loop {
                // Catches all there is to catch, as `except BaseException` would.
                let _ = AssertUnwindSafe(sleep(ms(15))).catch_unwind().await;
                tracing::info!("went on");
            }
        };
        let task = tokio::spawn(stubborn.lane("stubborn"));
        sleep(ms(20)).await;
        task.abort();
        sleep(ms(100)).await;
    });
    assert_eq!(notes(&recording, "stubborn"), [(15, "went on")]);
    assert_eq!(recording.cancelled(), ["stubborn"]);
}

#[test]
fn what_is_held_is_dropped_in_reverse_order_and_no_async_code_runs_afterwards() {
    let ((), recording) = record(Clock::Virtual, async {
        let work = async {
            let _first = Guard("file closed");
            let _second = Guard("lock released");
            pending::<()>().await;
            tracing::info!("never said");
        };
        timeout(ms(20), work.lane("work")).await.unwrap_err();
        sleep(ms(100)).await;
    });
    assert_eq!(notes(&recording, "work"), [(20, "lock released"), (20, "file closed")]);
}

#[test]
fn what_a_future_awaits_is_cancelled_with_it() {
    let ((), recording) = record(Clock::Virtual, async {
        let inner = pending::<()>().lane("inner");
        timeout(ms(20), async { [inner.await] }.lane("outer")).await.unwrap_err();
    });
    assert_eq!(recording.cancelled(), ["inner", "outer"]);
}

#[test]
fn what_it_spawned_is_not() {
    let ((), recording) = record(Clock::Virtual, async {
        let outer = async { tokio::spawn(sleep(ms(50)).lane("spawned")).await };
        timeout(ms(20), outer.try_lane("outer")).await.unwrap_err();
        sleep(ms(100)).await;
    });
    assert_eq!(recording.cancelled(), ["outer"]);
    assert_eq!(recording.finish_order(), ["spawned"]);
}
