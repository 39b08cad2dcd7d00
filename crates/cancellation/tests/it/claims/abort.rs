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
    everywhere(|world| {
        let ((), recording) = world.record(async {
            let task = tokio::spawn(sleep(ms(50)).lane("task"));
            sleep(ms(20)).await;
            task.abort();
            task.await.unwrap_err();
        });
        let task = recording.lane("task").unwrap();
        assert_eq!(task.outcome, Some(Outcome::Cancelled));
        world.assert_took(task.closed.unwrap(), ms(20));
    });
}

#[test]
fn abort_takes_effect_the_next_time_the_task_returns_pending() {
    everywhere(|world| {
        let (result, recording) = world.record(async {
            abort_itself(|own| async move {
                own.wait().abort();
                tracing::info!("still here");
                yield_now().await;
                tracing::info!("never said");
            })
            .await
        });
        assert!(result.unwrap_err().is_cancelled());
        assert_eq!(said(&recording, "task"), ["still here"]);
        assert_eq!(recording.cancelled(), ["task"]);
    });
}

#[test]
fn awaits_that_are_ready_do_not_count() {
    everywhere(|world| {
        let (result, recording) = world.record(async {
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
        assert_eq!(said(&recording, "task"), ["still here"; 3]);
    });
}

#[test]
fn a_task_that_finishes_first_is_ok() {
    everywhere(|world| {
        let (result, recording) = world.record(async {
            abort_itself(|own| async move {
                own.wait().abort();
                "finished"
            })
            .await
        });
        assert_eq!(result.unwrap(), "finished");
        assert_eq!(recording.finish_order(), ["task"]);
    });
}

#[test]
fn a_task_aborted_before_its_first_poll_never_runs_its_body_on_one_thread() {
    on_one_thread(|world| {
        let (error, recording) = world.record(async {
            let task = tokio::spawn(async { tracing::info!("never said") }.lane("task"));
            task.abort();
            task.await.unwrap_err()
        });
        assert!(error.is_cancelled());
        assert_eq!(recording.never_started(), ["task"]);
        assert_eq!(said(&recording, "task"), [""; 0]);
    });
}

#[test]
fn abort_only_asks_and_the_await_of_the_handle_waits_for_the_end() {
    everywhere(|world| {
        world.record(async {
            let mut task = tokio::spawn(pending::<()>());
            yield_now().await;
            task.abort();
            if !matches!(world, World::Workers(_)) {
                assert!(!task.is_finished(), "no other thread can have dropped it");
            }
            assert!((&mut task).await.unwrap_err().is_cancelled());
            assert!(task.is_finished());
        });
    });
}

#[test]
fn aborting_a_finished_task_does_nothing() {
    everywhere(|world| {
        world.run(async {
            let task = tokio::spawn(async { "finished" });
            while !task.is_finished() {
                yield_now().await;
            }
            task.abort();
            assert_eq!(task.await.unwrap(), "finished");
        });
    });
}

#[test]
fn a_task_aborted_right_after_the_spawn_may_have_run_with_several_workers() {
    with_several_workers(|world| {
        world.run(async {
            let ran = Arc::new(OnceLock::new());
            // Sooner or later another worker is quicker than `abort`.
            while ran.get().is_none() {
                let runs = Arc::clone(&ran);
                tokio::spawn(async move { runs.set(()) }).abort();
                yield_now().await;
            }
        });
    });
}
