//! Shielding.

use super::*;

type Save = BoxFuture<'static, ()>;

/// A save that can end only after its caller was cancelled, and whether the caller was.
async fn save<T>(shield: impl AsyncFnOnce(&TaskTracker, Save) -> T) -> bool {
    let tracker = TaskTracker::new();
    let (go, gone) = oneshot::channel::<()>();
    let save = async { gone.await.unwrap() }.lane("save").boxed();
    let cancelled = timeout(ms(5), shield(&tracker, save)).await.is_err();
    // The save may be gone.
    let _ = go.send(());
    tracker.close();
    tracker.wait().await;
    cancelled
}

#[test]
fn a_save_in_a_task_of_its_own_outlives_its_caller() {
    everywhere(|world| {
        let (cancelled, recording) = world.record(save(cancellation::shield));
        assert!(cancelled);
        assert_eq!(recording.finish_order(), ["save"]);
        world.assert_took(recording.total(), ms(5));
    });
}

#[test]
fn the_naive_save_is_cancelled_with_its_caller() {
    everywhere(|world| {
        let (cancelled, recording) = world.record(save(naive::shield));
        assert!(cancelled);
        assert_eq!(recording.cancelled(), ["save"]);
    });
}

#[test]
fn a_save_that_begins_after_the_wait_is_awaited_by_nobody() {
    everywhere(|world| {
        let ((), recording) = world.record(async {
            let tracker = TaskTracker::new();
            tracker.close();
            tracker.wait().await;
            let late = cancellation::shield(&tracker, pending::<()>().lane("save"));
            assert!(timeout(ms(20), late).await.is_err());
        });
        assert_eq!(recording.never_ended(), ["save"]);
    });
}

#[test]
fn the_save_reports_its_panic() {
    everywhere(|world| {
        world.run(async {
            let result = cancellation::shield::<Save>(&TaskTracker::new(), async { panic!("boom") }.boxed()).await;
            assert!(result.unwrap_err().is_panic());
        });
    });
}

/// A save, and what it has saved.
fn a_save() -> (impl Future<Output = ()> + Send + 'static, Arc<OnceLock<&'static str>>) {
    let saved = Arc::new(OnceLock::new());
    let save = {
        let saved = Arc::clone(&saved);
        async move { saved.set("saved").unwrap() }
    };
    (save, saved)
}

#[test]
fn a_shield_that_is_never_polled_saves_nothing() {
    everywhere(|world| {
        world.run(async {
            let (tracker, (save, saved)) = (TaskTracker::new(), a_save());
            drop(cancellation::shield(&tracker, save));
            tracker.close();
            tracker.wait().await;
            assert_eq!(saved.get(), None);
        });
    });
}

#[test]
fn a_save_that_is_spawned_at_the_call_needs_no_poll() {
    everywhere(|world| {
        world.run(async {
            let (tracker, (save, saved)) = (TaskTracker::new(), a_save());
            drop(tracker.spawn(save));
            tracker.close();
            tracker.wait().await;
            assert_eq!(saved.get(), Some(&"saved"));
        });
    });
}

/// Three saves of one client, one after another: how many were begun, and how many were over.
async fn client(tracker: TaskTracker, begun: Arc<AtomicUsize>, over: Arc<AtomicUsize>) {
    for _ in 0..3 {
        let (begun, over) = (Arc::clone(&begun), Arc::clone(&over));
        let save = async move {
            begun.fetch_add(1, Relaxed);
            sleep(ms(20)).await;
            over.fetch_add(1, Relaxed);
        };
        cancellation::shield(&tracker, save).await.unwrap();
    }
}

#[test]
fn the_wait_of_a_tracker_ends_between_two_saves_of_one_client() {
    everywhere(|world| {
        world.run(async {
            let (tracker, begun, over) = (TaskTracker::new(), Arc::default(), Arc::<AtomicUsize>::default());
            tokio::spawn(client(tracker.clone(), Arc::clone(&begun), Arc::clone(&over)));
            while begun.load(Relaxed) == 0 {
                sleep(ms(1)).await;
            }
            tracker.close();
            tracker.wait().await;
            assert_eq!(over.load(Relaxed), 1);
        });
    });
}

#[test]
fn a_tracker_that_holds_the_clients_too_waits_for_all_their_saves() {
    everywhere(|world| {
        world.run(async {
            let (tracker, over) = (TaskTracker::new(), Arc::<AtomicUsize>::default());
            tracker.spawn(client(tracker.clone(), Arc::default(), Arc::clone(&over)));
            tracker.close();
            tracker.wait().await;
            assert_eq!(over.load(Relaxed), 3);
        });
    });
}
