//! Closures on the blocking pool.

use super::*;

#[test]
fn a_closure_that_runs_on_the_blocking_pool_cannot_be_aborted() {
    everywhere(|world| {
        let (result, recording) = world.record(async {
            let (begun, mut begins) = mpsc::channel(1);
            let (go, gone) = blocking::channel();
            let closure = lane_blocking("closure", move || {
                begun.blocking_send(()).unwrap();
                gone.recv().unwrap();
                "finished"
            });
            let task = spawn_blocking(closure);
            begins.recv().await.unwrap();
            task.abort();
            yield_now().await;
            assert!(!task.is_finished());
            go.send(()).unwrap();
            task.await
        });
        assert_eq!(result.unwrap(), "finished");
        assert_eq!(recording.finish_order(), ["closure"]);
    });
}

#[test]
fn when_main_returns_one_that_runs_is_waited_for() {
    #[tokio::main(flavor = "current_thread")]
    async fn program(work: impl FnOnce() + Send + 'static, go: AtTheEnd) {
        let (begun, mut begins) = mpsc::channel(1);
        tokio::spawn(go.wait());
        spawn_blocking(move || {
            begun.blocking_send(()).unwrap();
            work();
        });
        begins.recv().await.unwrap();
    }

    let (go, gone) = blocking::channel();
    let ended = Arc::new(OnceLock::new());
    let ends = Arc::clone(&ended);
    let work = move || {
        gone.recv().unwrap();
        std::thread::sleep(ms(20)); // Longer than a program needs to end that does not wait.
        ends.set(()).unwrap();
    };
    program(work, AtTheEnd(go));
    assert!(ended.get().is_some());
}

#[test]
fn shutdown_timeout_does_not_wait_for_one_that_never_ends() {
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let (begun, begins) = blocking::channel();
    let (go, gone) = blocking::channel::<()>();
    runtime.spawn_blocking(move || {
        begun.send(()).unwrap();
        gone.recv()
    });
    begins.recv().unwrap();
    runtime.shutdown_timeout(ms(10));
    // It still waits: if shutting down waited for it, this line would never come.
    go.send(()).unwrap();
}

#[test]
fn one_that_is_still_queued_can() {
    let pool_of_one = tokio::runtime::Builder::new_current_thread().max_blocking_threads(1).build().unwrap();
    pool_of_one.block_on(async {
        let (go, gone) = blocking::channel::<()>();
        let running = spawn_blocking(move || gone.recv());
        let queued = spawn_blocking::<_, ()>(|| unreachable!("aborted before it could begin"));
        queued.abort();
        go.send(()).unwrap();
        running.await.unwrap().unwrap();
        assert!(queued.await.unwrap_err().is_cancelled());
    });
}

/// Three items, cancelled while the first is in hand: those that were taken, and those that came back.
async fn cancel_at_the_first(
    run: impl AsyncFnOnce(&CancellationToken, Vec<u32>, Box<dyn FnMut(u32) + Send>) -> Result<Vec<u32>, JoinError>,
) -> (Vec<u32>, Vec<u32>) {
    let token = CancellationToken::new();
    let cancel = token.clone();
    let (give, mut got) = mpsc::channel(3);
    let step = move |item| {
        give.try_send(item).unwrap();
        cancel.cancel();
    };
    let left = run(&token, vec![1, 2, 3], Box::new(step)).await.unwrap();
    got.close();
    (std::iter::from_fn(|| got.try_recv().ok()).collect(), left)
}

#[test]
fn a_closure_that_checks_a_token_stops() {
    everywhere(|world| {
        world.run(async {
            let (taken, _left) = cancel_at_the_first(cancellation::for_each_blocking).await;
            assert_eq!(taken, [1]);
        });
    });
}

#[test]
fn a_closure_that_stops_returns_the_rest_of_its_items() {
    everywhere(|world| {
        world.run(async {
            let (_taken, left) = cancel_at_the_first(cancellation::for_each_blocking).await;
            assert_eq!(left, [2, 3]);
        });
    });
}

#[test]
fn the_naive_one_takes_all_that_is_left() {
    everywhere(|world| {
        world.run(async {
            assert_eq!(cancel_at_the_first(naive::for_each_blocking).await, (vec![1, 2, 3], vec![]));
        });
    });
}

#[test]
fn a_dropped_call_stops_the_closure() {
    everywhere(|world| {
        world.run(async {
            let (begun, mut begins) = mpsc::channel(3);
            let (go, gone) = blocking::channel::<()>();
            let step = move |item: u32| {
                // Nobody may be left to hear it; then the count below shows it.
                let _ = begun.blocking_send(item);
                let _ = gone.recv();
            };
            let token = CancellationToken::new();
            let mut call = Box::pin(cancellation::for_each_blocking(&token, vec![1, 2, 3], step));
            assert!(futures::poll!(&mut call).is_pending());
            assert_eq!(begins.recv().await, Some(1));
            drop(call);
            go.send(()).unwrap();
            assert_eq!(begins.recv().await, None);
        });
    });
}

#[test]
fn the_end_of_the_items_leaves_the_callers_token_alone() {
    everywhere(|world| {
        world.run(async {
            let token = CancellationToken::new();
            let left = cancellation::for_each_blocking(&token, vec![1, 2, 3], |_item| ()).await;
            assert!(left.unwrap().is_empty());
            assert!(!token.is_cancelled());
        });
    });
}
