//! Tokens.

use super::*;

#[test]
fn a_worker_that_is_asked_can_clean_up_with_awaits() {
    let (ended, recording) = record(Clock::Virtual, async {
        let mut workers = Workers::new();
        workers.spawn(|token| {
            async move {
                token.cancelled().await;
                sleep(ms(30)).await;
                tracing::info!("tidied up");
            }
            .lane("worker")
        });
        sleep(ms(20)).await;
        workers.stop(ms(100)).await
    });
    assert_eq!(ended, Ended { finished: 1, ..Ended::default() });
    assert_eq!(notes(&recording, "worker"), [(50, "tidied up")]);
}

#[test]
fn one_that_takes_too_long_is_aborted() {
    let (ended, recording) = record(Clock::Virtual, async {
        let mut workers = Workers::new();
        workers.spawn(|_token| pending().lane("deaf"));
        workers.stop(ms(100)).await
    });
    assert_eq!(ended, Ended { aborted: 1, ..Ended::default() });
    assert_eq!(recording.cancelled(), ["deaf"]);
    assert_eq!(recording.total(), 100_000);
}

#[test]
fn the_naive_workers_never_end() {
    let (ended, recording) = record(Clock::Virtual, async {
        let mut workers = naive::Workers::new();
        workers.spawn(|_token| pending().lane("deaf"));
        let ended = workers.stop(ms(100)).await;
        sleep(ms(500)).await;
        ended
    });
    assert_eq!(ended, Ended::default());
    assert_eq!(recording.never_ended(), ["deaf"]);
}

#[tokio::test(start_paused = true)]
async fn stop_counts_every_worker_once() {
    let mut workers = Workers::new();
    workers.spawn(|_token| ready(()));
    workers.spawn(|_token| async { panic!("boom") });
    sleep(ms(10)).await;
    workers.spawn(async |token| token.cancelled().await);
    workers.spawn(|_token| pending());
    assert_eq!(workers.stop(ms(100)).await, Ended { finished: 2, aborted: 1, panicked: 1 });
}

#[test]
fn cancelling_a_parent_cancels_its_children_and_not_the_other_way_round() {
    let parent = CancellationToken::new();
    let (one, other) = (parent.child_token(), parent.child_token());
    one.cancel();
    assert!(one.is_cancelled() && !parent.is_cancelled() && !other.is_cancelled());
    parent.cancel();
    assert!(other.is_cancelled());
}

#[test]
fn three_tasks_cancelled_at_different_times_each_keep_their_progress() {
    let progress: [Arc<AtomicUsize>; 3] = Default::default();
    let ((), recording) = record(Clock::Virtual, async {
        let mut workers = Workers::new();
        let tokens = progress.clone().map(|progress| {
            workers.spawn(|token| {
                let step = move || progress.fetch_add(1, Relaxed);
                async move { while token.run_until_cancelled(sleep(ms(10)).map(|()| step())).await.is_some() {} }
                    .lane("worker")
            })
        });
        for (token, pause) in tokens.into_iter().zip([25, 20, 30]) {
            sleep(ms(pause)).await;
            token.cancel();
        }
        workers.stop(ms(1)).await;
    });
    assert_eq!(progress.map(|steps| steps.load(Relaxed)), [2, 4, 7]);
    let ends: Vec<_> = recording.lanes.iter().map(|lane| lane.closed.unwrap()).collect();
    assert_eq!(ends, [25_000, 45_000, 75_000]);
}

/// Handles items of 30 ms each until the token is cancelled after 50 ms.
async fn handle_until_cancelled(
    work: impl AsyncFnOnce(&CancellationToken, &mut mpsc::Receiver<u32>, fn(u32) -> Item) -> usize,
) -> (usize, mpsc::Receiver<u32>) {
    let token = CancellationToken::new();
    let (sender, mut receiver) = mpsc::channel(8);
    for item in 0..5 {
        let _ = sender.try_send(item);
    }
    tokio::spawn({
        let token = token.clone();
        async move {
            sleep(ms(50)).await;
            token.cancel();
        }
    });
    let done = work(&token, &mut receiver, |_| Box::pin(sleep(ms(30)).lane("item"))).await;
    (done, receiver)
}

type Item = std::pin::Pin<Box<dyn Future<Output = ()>>>;

#[test]
fn a_cancellation_between_items_finishes_the_item_in_hand() {
    let ((done, mut rest), recording) = record(
        Clock::Virtual,
        handle_until_cancelled(async |token, receiver, handle| cancellation::work(token, receiver, handle).await),
    );
    assert_eq!(done, 2);
    assert_eq!(recording.cancelled(), [""; 0]);
    assert_eq!(rest.try_recv(), Ok(2));
}

#[test]
fn the_naive_work_cancels_the_item_in_hand() {
    let ((done, _rest), recording) = record(
        Clock::Virtual,
        handle_until_cancelled(async |token, receiver, handle| naive::work(token, receiver, handle).await),
    );
    assert_eq!(done, 1);
    assert_eq!(recording.cancelled(), ["item"]);
}

#[test]
fn a_dropped_stop_aborts_the_workers() {
    let ((), recording) = record(Clock::Virtual, async {
        let mut workers = Workers::new();
        workers.spawn(|_token| pending().lane("deaf"));
        timeout(ms(20), workers.stop(ms(100))).await.unwrap_err();
        sleep(ms(1)).await;
    });
    let deaf = recording.lane("deaf").unwrap();
    assert_eq!((deaf.outcome, deaf.closed), (Some(Outcome::Cancelled), Some(20_000)));
}
