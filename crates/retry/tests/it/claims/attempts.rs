//! Which errors deserve another attempt, and how it ends.

use super::*;

#[test]
fn a_transient_error_is_tried_again_until_a_success() {
    everywhere(|world| {
        let calls = Calls::default();
        let attempt = || {
            let call = calls.next();
            async move { if call < 3 { Err(Busy(call)) } else { Ok(call) } }
        };
        assert_eq!(world.run(retry(&attempts(5), no_pause, Refused::advice, attempt)), Ok(3));
        assert_eq!(calls.count(), 3);
    });
}

#[test]
fn a_permanent_error_ends_it_at_once() {
    everywhere(|world| {
        let calls = Calls::default();
        let attempt = async || if calls.next() == 1 { Err(Busy(1)) } else { Err::<(), _>(Forbidden) };
        let ended = world.run(retry(&attempts(5), no_pause, Refused::advice, attempt));
        assert_eq!(ended, gave_up(Why::Permanent, 2, Forbidden));
        assert_eq!(calls.count(), 2);
    });
}

#[test]
fn a_permanent_error_of_the_last_attempt_is_called_permanent() {
    everywhere(|world| {
        let ended = world.run(retry(&attempts(1), no_pause, Refused::advice, || ready(Err::<(), _>(Forbidden))));
        assert_eq!(ended, gave_up(Why::Permanent, 1, Forbidden));
    });
}

#[test]
fn giving_up_tells_the_number_of_attempts_and_the_last_error() {
    everywhere(|world| {
        let calls = Calls::default();
        let ended = world.run(retry(&attempts(3), no_pause, Refused::advice, || calls.busy()));
        assert_eq!(ended, gave_up(Why::Attempts, 3, Busy(3)));
        assert_eq!(calls.count(), 3);
    });
}

#[test]
fn one_attempt_is_one_call_without_a_pause() {
    everywhere(|world| {
        let calls = Calls::default();
        let no_jitter = |_| unreachable!("there is no pause");
        let ended = world.run(retry(&attempts(1), no_jitter, Refused::advice, || calls.busy()));
        assert_eq!((ended, calls.count()), (gave_up(Why::Attempts, 1, Busy(1)), 1));
    });
}

#[test]
fn the_error_says_why_and_has_the_last_error_as_its_source() {
    let texts = [Why::Permanent, Why::Attempts, Why::Deadline, Why::Budget]
        .map(|why| GaveUp { why, attempts: 2, last: Some(Forbidden) }.to_string());
    assert_eq!(
        texts,
        [
            "gave up after attempt 2: the error is permanent",
            "gave up after attempt 2: it was the last one",
            "gave up after attempt 2: no time is left",
            "gave up after attempt 2: the budget is spent",
        ]
    );
    let with = GaveUp { why: Why::Attempts, attempts: 2, last: Some(Busy(2)) };
    assert_eq!(with.source().unwrap().to_string(), "Busy(2)");
    let without = GaveUp::<Refused> { why: Why::Deadline, attempts: 1, last: None };
    assert!(without.source().is_none());
}

#[test]
fn attempts_do_not_overlap() {
    everywhere(|world| {
        let calls = Calls::default();
        let (ended, recording) = world.record(retry(&attempts(3), identity, Refused::advice, || {
            let attempt = async {
                sleep(ms(2)).await;
                calls.busy().await
            };
            attempt.try_lane("attempt")
        }));
        assert_eq!(ended, gave_up(Why::Attempts, 3, Busy(3)));
        assert_eq!((recording.named("attempt").count(), recording.peak("attempt")), (3, 1));
    });
}

#[test]
fn a_dropped_retry_makes_no_further_attempt() {
    everywhere(|world| {
        let calls = Calls::default();
        world.run(async {
            let policy = attempts(5);
            let retrying = retry(&policy, |_| FOR_EVER / 2, Refused::advice, || calls.busy());
            timeout(ms(5), retrying).await.unwrap_err();
            sleep(ms(5)).await;
        });
        assert_eq!(calls.count(), 1);
    });
}

#[test]
fn a_retry_with_full_jitter_and_closures_that_borrow_can_be_spawned() {
    everywhere(|world| {
        let task = async {
            let (calls, limit) = (Calls::default(), 3);
            let attempt = || async {
                let call = calls.next();
                if call < limit { Err(Busy(call)) } else { Ok(call) }
            };
            retry(&attempts(3), full_jitter, Refused::advice, attempt).await
        };
        assert_eq!(world.run(async { tokio::spawn(task).await.unwrap() }), Ok(3));
    });
}

#[test]
fn a_handle_that_is_awaited_again_through_a_reference_panics() {
    everywhere(|world| {
        let ended = world.run(async {
            let again = tokio::spawn(async {
                let mut task = tokio::spawn(ready(Err::<(), _>(Busy(1))));
                assert_eq!((&mut task).await.unwrap(), Err(Busy(1)));
                (&mut task).await
            });
            again.await.unwrap_err()
        });
        assert_eq!(*ended.into_panic().downcast::<&str>().unwrap(), "JoinHandle polled after completion");
    });
}
