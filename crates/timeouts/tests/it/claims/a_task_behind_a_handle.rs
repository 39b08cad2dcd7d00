//! A task behind a handle.

use super::*;

/// Waits 50 ms for a task of 100 ms, and 200 ms more.
async fn wait_for_a_slow_task<T>(wait: impl AsyncFnOnce(Duration, JoinHandle<()>) -> T) -> T {
    let task = tokio::spawn(sleep(ms(100)).lane("task"));
    let result = wait(ms(50), task).await;
    tracing::info!("waited");
    sleep(ms(200)).await;
    result
}

#[test]
fn a_timeout_around_a_handle_does_not_stop_the_task() {
    let (result, recording) =
        record(Clock::Virtual, wait_for_a_slow_task(async |limit, task| timeout(limit, task).await));
    assert!(result.is_err());
    assert_eq!(recording.lane("task").unwrap().outcome, Some(Outcome::Finished));
    assert_eq!(recording.lane("task").unwrap().closed, Some(100_000));
}

#[test]
fn finish_or_stop_stops_the_task() {
    let (result, recording) = record(Clock::Virtual, wait_for_a_slow_task(timeouts::finish_or_stop));
    assert_eq!(result.unwrap(), None);
    assert_eq!(recording.cancelled(), ["task"]);
}

#[test]
fn the_naive_finish_or_stop_leaves_the_task_running() {
    let (result, recording) = record(Clock::Virtual, wait_for_a_slow_task(timeouts::naive::finish_or_stop));
    assert_eq!(result.unwrap(), None);
    assert_eq!(recording.cancelled(), [""; 0]);
    assert_eq!(recording.finish_order(), ["task"]);
}

#[test]
fn finish_or_stop_returns_after_the_task_has_ended() {
    let ((), recording) = record(Clock::Virtual, async {
        let task = tokio::spawn(pending::<()>().lane("task"));
        timeouts::finish_or_stop(ms(50), task).await.unwrap();
        // No await in between: what is open now was open when the call returned.
    });
    assert_eq!(recording.never_ended(), [""; 0]);
}

#[test]
fn finish_or_stop_aborts_the_task_when_it_is_itself_dropped() {
    let ((), recording) = record(Clock::Virtual, async {
        let task = tokio::spawn(pending::<()>().lane("task"));
        timeout(ms(20), timeouts::finish_or_stop(ms(50), task)).await.unwrap_err();
        sleep(ms(1)).await;
    });
    assert_eq!(recording.cancelled(), ["task"]);
}

#[tokio::test(start_paused = true)]
async fn finish_or_stop_waits_beyond_the_limit_for_a_closure_on_the_blocking_pool() {
    let (begun, mut begins) = mpsc::channel(1);
    let (go, gone) = blocking::channel();
    let closure = spawn_blocking(move || {
        begun.blocking_send(()).unwrap();
        gone.recv().unwrap();
        "finished"
    });
    begins.recv().await.unwrap();
    let mut call = pin!(timeouts::finish_or_stop(ms(50), closure));
    assert!(futures::poll!(&mut call).is_pending());
    // While a closure runs, the virtual clock stands still unless it is moved.
    advance(ms(100)).await;
    assert!(futures::poll!(&mut call).is_pending());
    go.send(()).unwrap();
    assert_eq!(call.await.unwrap(), Some("finished"));
}

#[tokio::test(start_paused = true)]
async fn finish_or_stop_reports_a_panic() {
    let task = tokio::spawn(async { panic!("boom") });
    assert!(timeouts::finish_or_stop::<()>(ms(50), task).await.unwrap_err().is_panic());
}
