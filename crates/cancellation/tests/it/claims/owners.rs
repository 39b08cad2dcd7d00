//! Owners.

use super::*;

/// What a worker is doing 10 ms after its owner was dropped.
async fn drop_the_owner<T>(own: impl FnOnce(timeline::LaneFuture<tokio::time::Sleep>) -> T) {
    let owner = own(sleep(ms(500)).lane("worker"));
    sleep(ms(20)).await;
    drop(owner);
    tracing::info!("owner gone");
    sleep(ms(10)).await;
}

#[test]
fn a_dropped_join_handle_leaks_the_worker() {
    let ((), recording) = record(Clock::Virtual, drop_the_owner(tokio::spawn));
    assert_eq!(recording.never_ended(), ["worker"]);
}

#[test]
fn a_dropped_join_set_aborts_it() {
    let own = |worker| JoinSet::from_iter([worker]);
    let ((), recording) = record(Clock::Virtual, drop_the_owner(own));
    assert_eq!(recording.cancelled(), ["worker"]);
}

#[test]
fn a_dropped_abort_on_drop_handle_aborts_it() {
    let own = |worker| AbortOnDropHandle::new(tokio::spawn(worker));
    let ((), recording) = record(Clock::Virtual, drop_the_owner(own));
    assert_eq!(recording.cancelled(), ["worker"]);
}

#[test]
fn dropped_workers_abort_it() {
    let own = |worker| {
        let mut workers = Workers::new();
        workers.spawn(|_token| worker);
        workers
    };
    let ((), recording) = record(Clock::Virtual, drop_the_owner(own));
    assert_eq!(recording.cancelled(), ["worker"]);
}

#[test]
fn dropped_workers_cancel_their_token() {
    let ((), recording) = record(Clock::Virtual, async {
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
}

#[test]
fn dropped_naive_workers_leak_it() {
    let own = |worker| {
        let mut workers = naive::Workers::new();
        workers.spawn(|_token| worker);
        workers
    };
    let ((), recording) = record(Clock::Virtual, drop_the_owner(own));
    assert_eq!(recording.never_ended(), ["worker"]);
}

#[test]
fn a_dropped_task_tracker_ends_nothing() {
    let own = |worker| {
        let tracker = TaskTracker::new();
        tracker.spawn(worker);
        tracker
    };
    let ((), recording) = record(Clock::Virtual, drop_the_owner(own));
    assert_eq!(recording.never_ended(), ["worker"]);
}

#[test]
fn they_abort_without_waiting_for_the_end() {
    let ((), recording) = record(Clock::Virtual, async {
        let set = JoinSet::from_iter([pending::<()>().lane("in a set")]);
        let handle = AbortOnDropHandle::new(tokio::spawn(pending::<()>().lane("behind a handle")));
        yield_now().await;
        drop((set, handle));
        // No await in between: both were told to end, and neither has.
    });
    assert_eq!(recording.never_ended(), ["in a set", "behind a handle"]);
}

#[test]
fn shutdown_of_a_join_set_waits() {
    let ((), recording) = record(Clock::Virtual, async {
        let mut set = JoinSet::from_iter([pending::<()>().lane("worker")]);
        yield_now().await;
        set.shutdown().await;
    });
    assert_eq!(recording.cancelled(), ["worker"]);
}

#[tokio::test(start_paused = true)]
async fn a_task_tracker_waits_once_it_is_closed() {
    let tracker = TaskTracker::new();
    tracker.spawn(sleep(ms(50)));
    assert!(timeout(ms(100), tracker.wait()).await.is_err());
    tracker.close();
    assert!(timeout(ms(100), tracker.wait()).await.is_ok());
}

#[tokio::test(start_paused = true)]
async fn a_task_tracker_with_a_token_ends_its_tasks_and_waits_for_them() {
    let (tracker, token) = (TaskTracker::new(), CancellationToken::new());
    let begin = Instant::now();
    let worker = token.clone();
    tracker.spawn(async move {
        worker.cancelled().await;
        sleep(ms(30)).await;
    });
    sleep(ms(20)).await;
    token.cancel();
    tracker.close();
    tracker.wait().await;
    assert_eq!(begin.elapsed(), ms(50));
}

#[test]
fn when_main_returns_a_poll_that_runs_is_waited_for() {
    #[tokio::main(flavor = "multi_thread", worker_threads = 1)]
    async fn program(work: impl Future<Output = ()> + Send + 'static) {
        let (begun, mut begins) = mpsc::channel(1);
        tokio::spawn(async move {
            begun.try_send(()).unwrap();
            work.await;
        });
        begins.recv().await.unwrap();
    }

    let (go, gone) = blocking::channel();
    let (ended, held) = (Arc::new(OnceLock::new()), Arc::new(()));
    let (ends, holds) = (Arc::clone(&ended), Arc::clone(&held));
    let releaser = std::thread::spawn(move || go.send(()));
    program(async move {
        gone.recv().unwrap();
        ends.set(()).unwrap();
        pending::<()>().await;
        drop(holds);
    });
    assert!(ended.get().is_some());
    assert_eq!(Arc::strong_count(&held), 1, "at its next await it was dropped");
    releaser.join().unwrap().unwrap();
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
