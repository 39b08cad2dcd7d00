//! A task behind a handle.

use super::*;

/// Waits 10 ms for a task that can end only later, and then for its end, whatever that is.
async fn wait_for_a_slow_task<T>(wait: impl AsyncFnOnce(Duration, JoinHandle<()>) -> T) -> T {
    let (begun, begins) = oneshot::channel();
    let (go, gone) = oneshot::channel::<()>();
    let work = async {
        begun.send(()).unwrap();
        gone.await.unwrap();
    };
    let (task, ended) = spawn_watched(work.lane("task"));
    begins.await.unwrap();
    let result = wait(ms(10), task).await;
    // The task may be gone.
    let _ = go.send(());
    ended.await.unwrap_err();
    result
}

#[test]
fn a_timeout_around_a_handle_does_not_stop_the_task() {
    everywhere(|world| {
        let (result, recording) = world.record(wait_for_a_slow_task(async |limit, task| timeout(limit, task).await));
        assert!(result.is_err());
        assert_eq!(recording.lane("task").unwrap().outcome, Some(Outcome::Finished));
    });
}

#[test]
fn finish_or_stop_stops_the_task() {
    everywhere(|world| {
        let (result, recording) = world.record(wait_for_a_slow_task(timeouts::finish_or_stop));
        assert_eq!(result.unwrap(), None);
        assert_eq!(recording.cancelled(), ["task"]);
    });
}

#[test]
fn the_naive_finish_or_stop_leaves_the_task_running() {
    everywhere(|world| {
        let (result, recording) = world.record(wait_for_a_slow_task(timeouts::naive::finish_or_stop));
        assert_eq!(result.unwrap(), None);
        assert_eq!(recording.cancelled(), [""; 0]);
        assert_eq!(recording.finish_order(), ["task"]);
    });
}

#[test]
fn within_the_limit_the_naive_finish_or_stop_returns_the_result_too() {
    everywhere(|world| {
        let result =
            world.run(async { timeouts::naive::finish_or_stop(ms(60_000), tokio::spawn(async { "done" })).await });
        assert_eq!(result.unwrap(), Some("done"));
    });
}

#[test]
fn finish_or_stop_returns_after_the_task_has_ended() {
    everywhere(|world| {
        let ((), recording) = world.record_spawned(async {
            let task = tokio::spawn(pending::<()>().lane("task"));
            timeouts::finish_or_stop(ms(10), task).await.unwrap();
            // No await in between: what is open now was open when the call returned.
        });
        assert_eq!(recording.never_ended(), [""; 0]);
    });
}

#[test]
fn finish_or_stop_aborts_the_task_when_it_is_itself_dropped() {
    everywhere(|world| {
        let ((), recording) = world.record(async {
            let (begun, begins) = oneshot::channel();
            let work = async move {
                begun.send(()).unwrap();
                pending::<()>().await;
            };
            let (task, ended) = spawn_watched(work.lane("task"));
            begins.await.unwrap();
            timeout(ms(10), timeouts::finish_or_stop(ms(5_000), task)).await.unwrap_err();
            ended.await.unwrap_err();
        });
        assert!(recording.total() < 5_000_000);
        assert_eq!(recording.cancelled(), ["task"]);
    });
}

#[test]
fn finish_or_stop_waits_beyond_the_limit_for_a_closure_on_the_blocking_pool() {
    everywhere(|world| {
        world.run(async {
            let (begun, mut begins) = mpsc::channel(1);
            let (go, gone) = blocking::channel();
            let closure = spawn_blocking(move || {
                begun.blocking_send(()).unwrap();
                gone.recv().unwrap();
                "finished"
            });
            begins.recv().await.unwrap();
            let mut call = pin!(timeouts::finish_or_stop(ms(10), closure));
            assert!(futures::poll!(&mut call).is_pending());
            pass(world, ms(20)).await;
            assert!(futures::poll!(&mut call).is_pending());
            go.send(()).unwrap();
            assert_eq!(call.await.unwrap(), Some("finished"));
        });
    });
}

#[test]
fn finish_or_stop_reports_a_panic() {
    everywhere(|world| {
        let task = async { timeouts::finish_or_stop::<()>(ms(5_000), tokio::spawn(async { panic!("boom") })).await };
        assert!(world.run(task).unwrap_err().is_panic());
    });
}

#[test]
fn finish_or_stop_reports_an_abort_by_other_code() {
    everywhere(|world| {
        let result = world.run(async {
            let task = tokio::spawn(pending::<()>());
            task.abort();
            timeouts::finish_or_stop(ms(5_000), task).await
        });
        assert!(result.unwrap_err().is_cancelled());
    });
}

#[test]
fn finish_or_stop_reports_a_panic_after_the_limit() {
    struct Panics;

    impl Drop for Panics {
        fn drop(&mut self) {
            panic!("boom");
        }
    }

    everywhere(|world| {
        let result = world.run(async {
            let work = async {
                let _panics = Panics;
                pending::<()>().await;
            };
            timeouts::finish_or_stop(ms(5), tokio::spawn(work)).await
        });
        assert!(result.unwrap_err().is_panic());
    });
}

#[test]
fn finish_or_stop_keeps_the_value_of_a_task_that_finishes_despite_the_abort() {
    on_the_real_clock(|world| {
        let result = world.run(async {
            let (begun, begins) = oneshot::channel();
            let work = async move {
                begun.send(()).unwrap();
                std::thread::sleep(ms(20));
                "finished"
            };
            let task = tokio::spawn(work);
            begins.await.unwrap();
            timeouts::finish_or_stop(Duration::ZERO, task).await
        });
        assert_eq!(result.unwrap(), Some("finished"));
    });
}
