//! Abort.

use super::*;

/// Runs a task that aborts itself when it calls its argument, then does the rest.
async fn abort_itself<F>(work: impl FnOnce(Arc<OnceLock<AbortHandle>>) -> F) -> Result<F::Output, JoinError>
where
    F: Future<Output: Send> + Send + 'static,
{
    let own = Arc::new(OnceLock::new());
    let task = tokio::spawn(work(Arc::clone(&own)).lane("task"));
    own.get_or_init(|| task.abort_handle());
    task.await
}

#[test]
fn a_task_that_waits_is_dropped_where_it_waits() {
    let ((), recording) = record(Clock::Virtual, async {
        let task = tokio::spawn(sleep(ms(50)).lane("task"));
        sleep(ms(20)).await;
        task.abort();
        task.await.unwrap_err();
    });
    let task = recording.lane("task").unwrap();
    assert_eq!((task.outcome, task.closed), (Some(Outcome::Cancelled), Some(20_000)));
}

#[test]
fn abort_takes_effect_the_next_time_the_task_returns_pending() {
    let (result, recording) = record(Clock::Virtual, async {
        abort_itself(|own| async move {
            own.wait().abort();
            tracing::info!("still here");
            yield_now().await;
            tracing::info!("never said");
        })
        .await
    });
    assert!(result.unwrap_err().is_cancelled());
    assert_eq!(notes(&recording, "task"), [(0, "still here")]);
    assert_eq!(recording.cancelled(), ["task"]);
}

#[test]
fn awaits_that_are_ready_do_not_count() {
    let (result, recording) = record(Clock::Virtual, async {
        abort_itself(|own| async move {
            own.wait().abort();
            for _ in 0..3 {
                ready(()).await;
                tracing::info!("still here");
            }
            pending::<()>().await;
        })
        .await
    });
    assert!(result.unwrap_err().is_cancelled());
    assert_eq!(notes(&recording, "task"), [(0, "still here"); 3]);
}

#[test]
fn a_task_that_finishes_first_is_ok() {
    let (result, recording) = record(Clock::Virtual, async {
        abort_itself(|own| async move {
            own.wait().abort();
            "finished"
        })
        .await
    });
    assert_eq!(result.unwrap(), "finished");
    assert_eq!(recording.finish_order(), ["task"]);
}

#[test]
fn a_task_aborted_before_its_first_poll_never_runs_its_body() {
    let (error, recording) = record(Clock::Virtual, async {
        let task = tokio::spawn(async { tracing::info!("never said") }.lane("task"));
        task.abort();
        task.await.unwrap_err()
    });
    assert!(error.is_cancelled());
    assert_eq!(recording.never_started(), ["task"]);
    assert_eq!(notes(&recording, "task"), []);
}

#[test]
fn abort_only_asks_and_the_await_of_the_handle_waits_for_the_end() {
    record(Clock::Virtual, async {
        let mut task = tokio::spawn(pending::<()>());
        yield_now().await;
        task.abort();
        assert!(!task.is_finished());
        assert!((&mut task).await.unwrap_err().is_cancelled());
        assert!(task.is_finished());
    });
}

#[tokio::test]
async fn aborting_a_finished_task_does_nothing() {
    let task = tokio::spawn(async { "finished" });
    yield_now().await;
    task.abort();
    assert_eq!(task.await.unwrap(), "finished");
}
