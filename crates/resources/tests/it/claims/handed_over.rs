//! A close that a task runs, because the call that should is gone.

use super::*;

/// Opens two resources, and is dropped in the middle of its work.
async fn cancelled(log: &Log, tracker: &TaskTracker) {
    dropped_in_the_middle(|begins| {
        with_stack(tracker, async |stack| {
            stack.push(log.close("database"));
            stack.push(log.close("cache"));
            begins.send(()).unwrap();
            pending::<Result<(), Error>>().await
        })
    })
    .await;
}

#[test]
fn a_dropped_with_stack_closes_in_a_task_that_the_tracker_waits_for() {
    everywhere(|world| {
        world.run(async {
            let (log, tracker) = (Log::default(), TaskTracker::new());
            cancelled(&log, &tracker).await;
            all_done(&tracker).await;
            assert_eq!(log.take(), ["cache", "database"]);
        });
    });
}

#[test]
fn with_stack_and_with_resource_run_in_a_spawned_task_and_close_after_its_abort() {
    everywhere(|world| {
        world.run(async {
            let (log, tracker) = (Log::default(), TaskTracker::new());
            let (begins, begun) = oneshot::channel();
            let (inner, tracks) = (log.clone(), tracker.clone());
            let task = tokio::spawn(async move {
                with_stack(&tracks, async |stack| {
                    let close = inner.close("database");
                    stack.push(async { close.await.map_err(str::to_owned) });
                    let close = async |_| inner.close("file").await.map_err(str::to_owned);
                    with_resource(7, close, async |_| Ok(())).await?;
                    begins.send(()).unwrap();
                    pending::<Result<(), String>>().await
                })
                .await
            });
            begun.await.unwrap();
            task.abort();
            assert!(task.await.unwrap_err().is_cancelled());
            all_done(&tracker).await;
            assert_eq!(log.take(), ["file", "database"]);
        });
    });
}

#[test]
fn a_close_that_is_dropped_halfway_goes_on_in_a_task_where_it_was() {
    everywhere(|world| {
        world.run(async {
            let (log, tracker) = (Log::default(), TaskTracker::new());
            dropped_in_the_middle(|begins| {
                let mut stack = ExitStack::<Error>::new(&tracker);
                stack.push(log.close("database"));
                let inner = log.clone();
                stack.push(async move {
                    inner.note("cache, first half");
                    begins.send(()).unwrap();
                    yield_now().await;
                    yield_now().await;
                    inner.note("cache, second half");
                    Ok(())
                });
                stack.close()
            })
            .await;
            all_done(&tracker).await;
            assert_eq!(log.take(), ["cache, first half", "cache, second half", "database"]);
        });
    });
}

#[test]
fn a_close_in_a_task_logs_its_error() {
    everywhere(|world| {
        let said = warnings(world, async {
            let tracker = TaskTracker::new();
            let mut stack = ExitStack::<Error>::new(&tracker);
            stack.push(ready(Err("no close")));
            drop(stack);
            all_done(&tracker).await;
        });
        assert_eq!(said, ["a close failed: no close"]);
    });
}

#[test]
fn an_error_before_the_drop_is_logged_by_the_task_that_goes_on() {
    everywhere(|world| {
        let said = warnings(world, async {
            let tracker = TaskTracker::new();
            dropped_in_the_middle(|begins| {
                let mut stack = ExitStack::<Error>::new(&tracker);
                stack.push(async move {
                    begins.send(()).unwrap();
                    yield_now().await;
                    yield_now().await;
                    Ok(())
                });
                stack.push(ready(Err("no close of the cache")));
                stack.close()
            })
            .await;
            all_done(&tracker).await;
        });
        assert_eq!(said, ["a close failed: no close of the cache"]);
    });
}

#[test]
fn a_close_in_a_task_is_dropped_if_the_runtime_ends_first() {
    everywhere(|world| {
        let (log, tracker) = (Log::default(), TaskTracker::new());
        let (ends, may_end) = oneshot::channel::<()>();
        let mut stack = ExitStack::<Error>::new(&tracker);
        let (inner, guard) = (log.clone(), log.guard("dropped"));
        stack.push(async move {
            let _guard = guard;
            may_end.await.unwrap();
            inner.note("closed");
            Ok(())
        });
        world.run(async { drop(stack) });
        assert!(ends.send(()).is_err());
        assert_eq!(log.take(), ["dropped"]);
        assert!(tracker.is_empty());
    });
}

#[test]
fn a_stack_that_is_dropped_outside_a_runtime_closes_nothing_and_warns() {
    everywhere(|world| {
        let (log, tracker) = (Log::default(), TaskTracker::new());
        let mut kept = None;
        let said = warnings(world, async {
            let mut stack = ExitStack::<Error>::new(&tracker);
            stack.push(log.close("database"));
            // A plain thread has no runtime.
            let thread = std::thread::spawn({
                let subscriber = tracing::dispatcher::get_default(Clone::clone);
                move || tracing::dispatcher::with_default(&subscriber, || drop(stack))
            });
            kept = Some(thread.join());
        });
        assert!(kept.unwrap().is_ok());
        assert_eq!((said, log.take().len()), (vec!["not closed: 1".to_owned()], 0));
    });
}

#[test]
fn a_detached_close_has_not_ended_when_the_call_returns() {
    everywhere(|world| {
        world.run(async {
            let log = Log::default();
            let (ends, may_end) = oneshot::channel::<()>();
            let inner = log.clone();
            let naive_close = || {
                tokio::spawn(async move {
                    may_end.await.unwrap();
                    inner.close("closed").await
                })
            };
            let task = naive_close();
            log.note("returned");
            ends.send(()).unwrap();
            task.await.unwrap().unwrap();
            assert_eq!(log.take(), ["returned", "closed"]);
        });
    });
}
