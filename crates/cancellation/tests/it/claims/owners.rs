//! Owners.

use super::*;

/// What a worker is doing 10 ms after its owner was dropped.
async fn drop_the_owner<T>(own: impl FnOnce(timeline::LaneFuture<tokio::time::Sleep>) -> T) {
    let owner = own(sleep(ms(500)).lane("worker"));
    sleep(ms(5)).await;
    drop(owner);
    tracing::info!("owner gone");
    sleep(ms(10)).await;
}

#[test]
fn a_dropped_join_handle_leaks_the_worker() {
    everywhere(|world| {
        let ((), recording) = world.record(drop_the_owner(tokio::spawn));
        assert_eq!(recording.never_ended(), ["worker"]);
    });
}

#[test]
fn a_dropped_join_set_aborts_its_tasks() {
    everywhere(|world| {
        let own = |worker| JoinSet::from_iter([worker]);
        let ((), recording) = world.record(drop_the_owner(own));
        assert_eq!(recording.cancelled(), ["worker"]);
    });
}

#[test]
fn a_dropped_abort_on_drop_handle_aborts_its_task() {
    everywhere(|world| {
        let own = |worker| AbortOnDropHandle::new(tokio::spawn(worker));
        let ((), recording) = world.record(drop_the_owner(own));
        assert_eq!(recording.cancelled(), ["worker"]);
    });
}

#[test]
fn dropped_workers_abort_it() {
    everywhere(|world| {
        let own = |worker| {
            let mut workers = Workers::new();
            workers.spawn(|_token| worker);
            workers
        };
        let ((), recording) = world.record(drop_the_owner(own));
        assert_eq!(recording.cancelled(), ["worker"]);
    });
}

#[test]
fn dropped_workers_cancel_their_token() {
    everywhere(|world| {
        let ((), recording) = world.record(async {
            let mut workers = Workers::new();
            workers.spawn(async |token| {
                tokio::spawn(async move { token.cancelled().await }.lane("spawned with the token"));
                tokio::spawn(pending::<()>().lane("spawned without"));
                pending::<()>().await;
            });
            sleep(ms(20)).await;
            drop(workers);
            sleep(ms(10)).await;
        });
        assert_eq!(recording.finish_order(), ["spawned with the token"]);
        assert_eq!(recording.never_ended(), ["spawned without"]);
    });
}

#[test]
fn dropped_naive_workers_leak_it() {
    everywhere(|world| {
        let own = |worker| {
            let mut workers = naive::Workers::new();
            workers.spawn(|_token| worker);
            workers
        };
        let ((), recording) = world.record(drop_the_owner(own));
        assert_eq!(recording.never_ended(), ["worker"]);
    });
}

#[test]
fn a_dropped_task_tracker_ends_nothing() {
    everywhere(|world| {
        let own = |worker| {
            let tracker = TaskTracker::new();
            tracker.spawn(worker);
            tracker
        };
        let ((), recording) = world.record(drop_the_owner(own));
        assert_eq!(recording.never_ended(), ["worker"]);
    });
}

#[test]
fn they_abort_without_waiting_for_the_end_on_one_thread() {
    on_one_thread(|world| {
        let ((), recording) = world.record(async {
            let set = JoinSet::from_iter([pending::<()>().lane("in a set")]);
            let handle = AbortOnDropHandle::new(tokio::spawn(pending::<()>().lane("behind a handle")));
            yield_now().await;
            drop((set, handle));
            // No await in between: both were told to end, and neither has.
        });
        assert_eq!(recording.never_ended(), ["in a set", "behind a handle"]);
    });
}

#[test]
fn shutdown_of_a_join_set_waits() {
    everywhere(|world| {
        let ((), recording) = world.record(async {
            let mut set = JoinSet::from_iter([pending::<()>().lane("worker")]);
            sleep(ms(5)).await;
            set.shutdown().await;
        });
        assert_eq!(recording.cancelled(), ["worker"]);
    });
}

#[test]
fn a_task_tracker_waits_once_it_is_closed() {
    everywhere(|world| {
        world.run(async {
            let tracker = TaskTracker::new();
            tracker.spawn(sleep(ms(5)));
            assert!(timeout(ms(30), tracker.wait()).await.is_err());
            tracker.close();
            assert!(timeout(LONG, tracker.wait()).await.is_ok());
        });
    });
}

#[test]
fn a_task_tracker_with_a_token_ends_its_tasks_and_waits_for_them() {
    everywhere(|world| {
        world.run(async {
            let (tracker, token) = (TaskTracker::new(), CancellationToken::new());
            let ended = Arc::new(OnceLock::new());
            let (worker, ends) = (token.clone(), Arc::clone(&ended));
            tracker.spawn(async move {
                worker.cancelled().await;
                sleep(ms(10)).await;
                ends.set(())
            });
            sleep(ms(5)).await;
            token.cancel();
            tracker.close();
            tracker.wait().await;
            assert_eq!(ended.get(), Some(&()));
        });
    });
}

#[test]
fn when_main_returns_a_poll_that_runs_is_waited_for() {
    #[tokio::main(flavor = "multi_thread", worker_threads = 2)]
    async fn program(work: impl Future<Output = ()> + Send + 'static, go: AtTheEnd) {
        let (begun, mut begins) = mpsc::channel(1);
        tokio::spawn(go.wait());
        tokio::spawn(async move {
            begun.try_send(()).unwrap();
            work.await;
        });
        begins.recv().await.unwrap();
    }

    let (go, gone) = blocking::channel();
    let (ended, held) = (Arc::new(OnceLock::new()), Arc::new(()));
    let (ends, holds) = (Arc::clone(&ended), Arc::clone(&held));
    let work = async move {
        gone.recv().unwrap();
        std::thread::sleep(ms(20)); // Longer than a program needs to end that does not wait.
        ends.set(()).unwrap();
        pending::<()>().await;
        drop(holds);
    };
    program(work, AtTheEnd(go));
    assert!(ended.get().is_some());
    assert_eq!(Arc::strong_count(&held), 1, "at its next await it was dropped");
}

#[test]
fn when_main_returns_tasks_that_wait_are_dropped() {
    #[tokio::main(flavor = "current_thread")]
    async fn program(held: Arc<()>) {
        tokio::spawn(async move {
            pending::<()>().await;
            drop(held);
        });
        yield_now().await;
    }

    let held = Arc::new(());
    program(Arc::clone(&held));
    assert_eq!(Arc::strong_count(&held), 1);
}
