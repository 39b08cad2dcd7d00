//! A timeout of zero.

use super::*;

#[test]
fn it_polls_once() {
    let (result, recording) =
        record(Clock::Virtual, async { timeout(Duration::ZERO, pending::<()>().lane("work")).await });
    assert!(result.is_err());
    assert_eq!(recording.polls("work"), 1);
    assert_eq!(recording.cancelled(), ["work"]);
}

#[tokio::test(start_paused = true)]
async fn it_takes_what_is_ready() {
    assert_eq!(timeout(Duration::ZERO, ready(42)).await, Ok(42));
}

#[tokio::test(start_paused = true)]
async fn so_does_a_deadline_that_has_passed() {
    let deadline = Instant::now();
    sleep(ms(10)).await;
    assert_eq!(timeout_at(deadline, ready(42)).await, Ok(42));
    assert!(timeout_at(deadline, yield_now()).await.is_err());
}
