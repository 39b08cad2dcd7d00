//! What becomes of the future.

use super::*;

#[test]
fn a_future_that_is_ready_in_time_keeps_its_value() {
    let (answer, recording) = record(Clock::Virtual, async { timeout(ms(50), async { 42 }.lane("quick")).await });
    assert_eq!(answer, Ok(42));
    assert_eq!(recording.finish_order(), ["quick"]);
}

#[test]
fn on_timeout_the_future_is_dropped_and_nothing_of_it_runs_any_more() {
    let ((), recording) = record(Clock::Virtual, async {
        let work = async {
            sleep(ms(100)).await;
            tracing::info!("went on");
        };
        timeout(ms(50), work.lane("work")).await.unwrap_err();
        sleep(ms(200)).await;
    });
    let work = recording.lane("work").unwrap();
    assert_eq!((work.outcome, work.closed), (Some(Outcome::Cancelled), Some(50_000)));
    assert_eq!(work.notes, []);
}

#[test]
fn what_it_has_spawned_runs_on() {
    let ((), recording) = record(Clock::Virtual, async {
        let work = async { tokio::spawn(sleep(ms(100)).lane("spawned")).await };
        timeout(ms(50), work.try_lane("work")).await.unwrap_err();
        sleep(ms(200)).await;
    });
    assert_eq!(recording.cancelled(), ["work"]);
    assert_eq!(recording.finish_order(), ["spawned"]);
}

#[tokio::test(start_paused = true)]
async fn so_does_a_closure_that_it_has_handed_to_the_blocking_pool() {
    let (go, gone) = blocking::channel();
    let (ends, ended) = oneshot::channel();
    let closure = move || {
        gone.recv().unwrap();
        ends.send("ended").unwrap();
    };
    let mut work = Box::pin(timeout(ms(50), async { spawn_blocking(closure).await }));
    assert!(futures::poll!(&mut work).is_pending());
    // While a closure runs, the virtual clock stands still unless it is moved.
    advance(ms(50)).await;
    work.await.unwrap_err();
    go.send(()).unwrap();
    assert_eq!(ended.await, Ok("ended"));
}

#[test]
fn the_future_lives_until_the_timeout_itself_is_dropped() {
    let ((), recording) = record(Clock::Virtual, async {
        let mut waiting = Box::pin(timeout(ms(50), pending::<()>().lane("work")));
        waiting.as_mut().await.unwrap_err();
        sleep(ms(20)).await;
        drop(waiting);
    });
    assert_eq!(recording.lane("work").unwrap().closed, Some(70_000));
}

#[test]
fn only_synchronous_clean_up_runs_and_the_caller_does_not_wait_for_more() {
    let (waited, recording) = record(Clock::Virtual, async {
        let work = async {
            let _guard = Guard;
            pending::<()>().await;
            sleep(ms(30)).await;
            tracing::info!("tidied up");
        };
        let begin = Instant::now();
        timeout(ms(50), work.lane("work")).await.unwrap_err();
        begin.elapsed()
    });
    let notes: Vec<_> = recording.lane("work").unwrap().notes.iter().map(|note| (note.at, &*note.text)).collect();
    assert_eq!(notes, [(50_000, "put away")]);
    assert_eq!(waited, ms(50));
}

#[test]
fn a_borrowed_future_outlives_the_timeout_and_can_be_waited_for_again() {
    let ((), recording) = record(Clock::Virtual, async {
        let mut work = pin!(sleep(ms(70)).lane("work"));
        timeout(ms(50), &mut work).await.unwrap_err();
        timeout(ms(50), &mut work).await.unwrap();
    });
    assert_eq!(recording.finish_order(), ["work"]);
    assert_eq!(recording.total(), 70_000);
}

#[tokio::test(start_paused = true)]
async fn the_time_starts_at_the_call_and_not_at_the_first_poll() {
    let waiting = timeout(ms(50), async { sleep(ms(10)).await });
    sleep(ms(60)).await;
    assert!(waiting.await.is_err());
}

#[tokio::test(start_paused = true)]
async fn a_timeout_too_long_for_the_clock_never_fires() {
    assert_eq!(timeout(Duration::MAX, sleep(ms(10))).await, Ok(()));
}

#[tokio::test(start_paused = true)]
async fn elapsed_becomes_an_io_error_of_the_kind_timed_out() {
    async fn read() -> io::Result<usize> {
        timeout(ms(50), pending::<io::Result<usize>>()).await?
    }
    assert_eq!(read().await.unwrap_err().kind(), io::ErrorKind::TimedOut);
}
