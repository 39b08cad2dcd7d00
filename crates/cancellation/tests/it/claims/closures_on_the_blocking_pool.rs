//! Closures on the blocking pool.

use super::*;

#[test]
fn one_that_runs_cannot_be_aborted() {
    let (result, recording) = record(Clock::Real, async {
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

/// Three items, cancelled while the first is in hand.
async fn cancel_at_the_first(
    run: impl AsyncFnOnce(&CancellationToken, Vec<u32>, Box<dyn FnMut(u32) + Send>) -> Result<usize, JoinError>,
) -> Result<usize, JoinError> {
    let token = CancellationToken::new();
    let cancel = token.clone();
    run(&token, vec![1, 2, 3], Box::new(move |_| cancel.cancel())).await
}

#[tokio::test]
async fn one_that_looks_at_a_token_stops() {
    assert_eq!(cancel_at_the_first(cancellation::for_each_blocking).await.unwrap(), 1);
}

#[tokio::test]
async fn the_naive_one_takes_all_that_is_left() {
    assert_eq!(cancel_at_the_first(naive::for_each_blocking).await.unwrap(), 3);
}

#[tokio::test]
async fn a_dropped_call_stops_the_closure() {
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
}
