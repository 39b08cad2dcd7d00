//! Shielding.

use super::*;

/// A save of 50 ms whose caller is cancelled after 20 ms, and what the tracker then waits for.
async fn save<T>(shield: impl AsyncFnOnce(&TaskTracker, timeline::LaneFuture<tokio::time::Sleep>) -> T) -> bool {
    let tracker = TaskTracker::new();
    let cancelled = timeout(ms(20), shield(&tracker, sleep(ms(50)).lane("save"))).await.is_err();
    tracker.close();
    tracker.wait().await;
    cancelled
}

#[test]
fn a_save_in_a_task_of_its_own_outlives_its_caller() {
    let (cancelled, recording) = record(Clock::Virtual, save(cancellation::shield));
    assert!(cancelled);
    assert_eq!(recording.finish_order(), ["save"]);
    assert_eq!(recording.total(), 50_000);
}

#[test]
fn the_naive_save_is_cancelled_with_its_caller() {
    let (cancelled, recording) = record(Clock::Virtual, save(naive::shield));
    assert!(cancelled);
    assert_eq!(recording.cancelled(), ["save"]);
}

#[test]
fn a_save_that_begins_after_the_wait_is_awaited_by_nobody() {
    let ((), recording) = record(Clock::Virtual, async {
        let tracker = TaskTracker::new();
        tracker.close();
        tracker.wait().await;
        let late = cancellation::shield(&tracker, sleep(ms(50)).lane("save"));
        assert!(timeout(ms(20), late).await.is_err());
    });
    assert_eq!(recording.never_ended(), ["save"]);
}

type Save = futures::future::BoxFuture<'static, ()>;

#[tokio::test]
async fn the_save_reports_its_panic() {
    let result = cancellation::shield::<Save>(&TaskTracker::new(), async { panic!("boom") }.boxed()).await;
    assert!(result.unwrap_err().is_panic());
}

#[tokio::test(start_paused = true)]
async fn a_shield_that_is_never_polled_saves_nothing() {
    let (tracker, saved) = (TaskTracker::new(), Arc::new(OnceLock::new()));
    let save = {
        let saved = Arc::clone(&saved);
        async move { saved.set("saved").unwrap() }
    };
    drop(cancellation::shield(&tracker, save));
    tracker.close();
    tracker.wait().await;
    assert_eq!(saved.get(), None);
}

#[tokio::test(start_paused = true)]
async fn a_save_that_is_spawned_at_the_call_needs_no_poll() {
    let (tracker, saved) = (TaskTracker::new(), Arc::new(OnceLock::new()));
    let save = {
        let saved = Arc::clone(&saved);
        async move { saved.set("saved").unwrap() }
    };
    drop(tracker.spawn(save));
    tracker.close();
    tracker.wait().await;
    assert_eq!(saved.get(), Some(&"saved"));
}
