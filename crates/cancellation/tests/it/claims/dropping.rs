//! Dropping.

use super::*;

#[test]
fn dropping_a_future_cancels_it() {
    everywhere(|world| {
        let ((), recording) = world.record(async {
            let mut work = Box::pin(sleep(LONG).lane("work"));
            assert!(timeout(ms(20), &mut work).await.is_err());
            drop(work);
        });
        assert_eq!(recording.cancelled(), ["work"]);
        world.assert_took(recording.total(), ms(20));
    });
}

#[test]
fn an_aborted_task_gets_no_exception_that_it_could_swallow() {
    everywhere(|world| {
        let ((), recording) = world.record(async {
            let (says, mut heard) = mpsc::channel(1);
            let stubborn = async move {
                loop {
                    // Catches all there is to catch, as `except BaseException` would.
                    let _ = AssertUnwindSafe(sleep(ms(5))).catch_unwind().await;
                    tracing::info!("went on");
                    let _ = says.try_send(());
                }
            };
            let task = tokio::spawn(stubborn.lane("stubborn"));
            heard.recv().await.unwrap();
            task.abort();
            assert!(task.await.unwrap_err().is_cancelled());
        });
        assert_eq!(said(&recording, "stubborn").last(), Some(&"went on"));
        assert_eq!(recording.cancelled(), ["stubborn"]);
    });
}

#[test]
fn variables_are_dropped_in_reverse_order_and_no_async_code_runs_afterwards() {
    everywhere(|world| {
        let ((), recording) = world.record(async {
            let work = async {
                let _first = Guard("file closed");
                let _second = Guard("lock released");
                pending::<()>().await;
                tracing::info!("never said");
            };
            timeout(ms(20), work.lane("work")).await.unwrap_err();
            sleep(ms(50)).await;
        });
        assert_eq!(said(&recording, "work"), ["lock released", "file closed"]);
    });
}

#[test]
fn what_a_future_awaits_is_cancelled_with_it() {
    everywhere(|world| {
        let ((), recording) = world.record(async {
            let inner = pending::<()>().lane("inner");
            timeout(ms(20), async { [inner.await] }.lane("outer")).await.unwrap_err();
        });
        assert_eq!(recording.cancelled(), ["inner", "outer"]);
    });
}

#[test]
fn what_it_spawned_is_not() {
    everywhere(|world| {
        let ((), recording) = world.record(async {
            let (go, gone) = oneshot::channel::<()>();
            let (ends, ended) = oneshot::channel();
            let spawned = async {
                async { gone.await.unwrap() }.lane("spawned").await;
                ends.send(()).unwrap();
            };
            let outer = async { tokio::spawn(spawned).await };
            timeout(ms(20), outer.try_lane("outer")).await.unwrap_err();
            go.send(()).unwrap();
            ended.await.unwrap();
        });
        assert_eq!(recording.cancelled(), ["outer"]);
        assert_eq!(recording.finish_order(), ["spawned"]);
    });
}
