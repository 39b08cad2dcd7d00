//! Several timeouts.

use super::*;

#[tokio::test(start_paused = true)]
async fn of_nested_ones_the_earlier_ends_the_wait() {
    let begin = Instant::now();
    let inner_first = timeout(ms(80), timeout(ms(50), pending::<()>())).await;
    assert!(matches!(inner_first, Ok(Err(_))));
    assert_eq!(begin.elapsed(), ms(50));

    let begin = Instant::now();
    let outer_first = timeout(ms(50), timeout(ms(80), pending::<()>())).await;
    assert!(outer_first.is_err());
    assert_eq!(begin.elapsed(), ms(50));
}

#[tokio::test(start_paused = true)]
async fn of_nested_ones_at_the_same_instant_the_inner_one_reports() {
    assert!(matches!(timeout(ms(50), timeout(ms(50), pending::<()>())).await, Ok(Err(_))));
}

#[tokio::test(start_paused = true)]
async fn one_deadline_can_be_handed_from_step_to_step() {
    let begin = Instant::now();
    let deadline = begin + ms(50);
    timeout_at(deadline, sleep(ms(30))).await.unwrap();
    timeout_at(deadline, sleep(ms(30))).await.unwrap_err();
    assert_eq!(begin.elapsed(), ms(50));
}

/// Three attempts that never answer, in lanes.
async fn hanging() -> Result<(), ()> {
    pending().try_lane("attempt").await
}

#[test]
fn attempts_under_one_deadline_end_with_it() {
    let (result, recording) = record(Clock::Virtual, timeouts::retry(ms(60), 3, hanging));
    assert_eq!(result, Err(timeouts::GaveUp::TimedOut(None)));
    assert_eq!(recording.cancelled(), ["attempt"; 3]);
    assert_eq!(recording.total(), 60_000);
}

#[test]
fn attempts_with_a_timeout_each_add_up() {
    let (result, recording) = record(Clock::Virtual, timeouts::naive::retry(ms(60), 3, hanging));
    assert_eq!(result, Err(timeouts::GaveUp::TimedOut(None)));
    assert_eq!(recording.total(), 180_000);
}

#[test]
fn an_attempt_that_fails_early_leaves_its_time_to_the_others() {
    let mut delays = [ms(10), ms(500)].into_iter();
    let refuse = async || {
        sleep(delays.next().unwrap()).lane("attempt").await;
        Err::<(), _>("refused")
    };
    let (result, recording) = record(Clock::Virtual, timeouts::retry(ms(60), 2, refuse));
    assert_eq!(result, Err(timeouts::GaveUp::TimedOut(Some("refused"))));
    let lasted: Vec<_> = recording.named("attempt").map(|attempt| attempt.lasted().unwrap()).collect();
    assert_eq!(lasted, [10_000, 50_000]);
}

#[test]
fn attempts_stop_at_the_first_success() {
    let (result, recording) = record(
        Clock::Virtual,
        timeouts::retry(ms(60), 3, async || {
            sleep(ms(10)).lane("attempt").await;
            Ok::<_, ()>("answer")
        }),
    );
    assert_eq!(result, Ok("answer"));
    assert_eq!(recording.lanes.len(), 1);
}

#[tokio::test(start_paused = true)]
async fn giving_up_says_how_the_last_attempt_ended() {
    let refused = timeouts::retry(ms(60), 3, async || Err::<(), _>("refused")).await;
    assert_eq!(refused, Err(timeouts::GaveUp::Failed("refused")));
    let untried = timeouts::retry(ms(60), 0, async || Ok::<_, ()>(())).await;
    assert_eq!(untried, Err(timeouts::GaveUp::TimedOut(None)));
}

#[tokio::test(start_paused = true)]
async fn giving_up_keeps_the_last_error_through_the_timeouts_after_it() {
    let mut errors = ["refused", "busy"].into_iter();
    let attempt = async || match errors.next() {
        Some(error) => Err::<(), _>(error),
        None => pending().await,
    };
    let gave_up = timeouts::retry(ms(60), 4, attempt).await.unwrap_err();
    assert_eq!(gave_up, timeouts::GaveUp::TimedOut(Some("busy")));
    assert_eq!(gave_up.into_error(), Some("busy"));
}

#[test]
fn giving_up_has_that_error_as_its_source() {
    use std::error::Error;

    let source = |gave_up: timeouts::GaveUp<io::Error>| gave_up.source().map(ToString::to_string);
    assert_eq!(source(timeouts::GaveUp::TimedOut(Some(io::Error::other("busy")))).as_deref(), Some("busy"));
    assert_eq!(source(timeouts::GaveUp::TimedOut(None)), None);
}
