//! One time for all attempts.

use std::io;

use super::*;

fn deadline(milliseconds: u64) -> Policy {
    Policy { deadline: ms(milliseconds), ..attempts(100) }
}

#[test]
fn all_attempts_share_one_deadline() {
    everywhere(|world| {
        let calls = Calls::default();
        let attempt = || {
            let call = calls.next();
            let attempt = async move {
                if call == 3 {
                    pending::<()>().await;
                }
                Err::<(), _>(Busy(call))
            };
            attempt.try_lane(format!("attempt {call}"))
        };
        let (ended, recording) =
            world.record(async { retry(&deadline(60), |_| ms(5), Refused::advice, attempt).try_lane("retry").await });
        assert_eq!(ended, gave_up(Why::Deadline, 3, Busy(2)));
        assert_eq!(recording.cancelled(), ["attempt 3"]);
        world.assert_took(recording.total(), ms(60));
    });
}

#[test]
fn without_any_answer_there_is_no_last_error() {
    everywhere(|world| {
        let ended = world.run(retry(&deadline(10), identity, Refused::advice, pending::<Result<(), _>>));
        assert_eq!(ended, gave_up(Why::Deadline, 1, None));
    });
}

#[test]
fn a_pause_that_would_last_until_the_deadline_is_not_begun() {
    everywhere(|world| {
        let calls = Calls::default();
        // A runtime whose clock moved for these pauses would be stuck.
        let policy = Policy { deadline: FOR_EVER, ..attempts(3) };
        let ended = world.run(retry(&policy, |_| FOR_EVER, Refused::advice, || calls.busy()));
        assert_eq!(ended, gave_up(Why::Deadline, 1, Busy(1)));
    });
}

#[test]
fn a_service_that_asks_for_more_time_than_there_is_ends_it_at_once() {
    everywhere(|world| {
        let attempt = || ready(Err::<(), _>(ComeBackIn(Duration::MAX)));
        let ended = world.run(retry(&attempts(3), identity, Refused::advice, attempt));
        assert_eq!(ended, gave_up(Why::Deadline, 1, ComeBackIn(Duration::MAX)));
    });
}

#[test]
fn no_attempt_begins_after_the_deadline_if_the_pause_is_rounded_up_on_the_paused_clock() {
    on_the_paused_clock(|world| {
        let calls = Calls::default();
        let policy = Policy { deadline: Duration::from_micros(10_500), ..attempts(3) };
        let ended = world.run(retry(&policy, |_| Duration::from_micros(10_200), Refused::advice, || calls.busy()));
        assert_eq!((ended, calls.count()), (gave_up(Why::Deadline, 1, Busy(1)), 1));
    });
}

#[test]
fn without_time_an_attempt_that_waits_is_dropped() {
    everywhere(|world| {
        let ended = world.run(retry(&deadline(0), identity, Refused::advice, pending::<Result<(), _>>));
        assert_eq!(ended, gave_up(Why::Deadline, 1, None));
    });
}

#[test]
fn without_time_an_answer_that_is_there_at_once_still_counts() {
    everywhere(|world| {
        let policy = deadline(0);
        assert_eq!(world.run(retry(&policy, identity, Refused::advice, || ready(Ok(7)))), Ok(7));
        let calls = Calls::default();
        let ended = world.run(retry(&policy, identity, Refused::advice, || calls.busy()));
        assert_eq!((ended, calls.count()), (gave_up(Why::Deadline, 1, Busy(1)), 1));
    });
}

#[test]
fn an_endless_deadline_is_no_deadline() {
    everywhere(|world| {
        let policy = Policy { deadline: Duration::MAX, ..attempts(2) };
        let calls = Calls::default();
        let ended = world.run(retry(&policy, |_| ms(1), Refused::advice, || calls.busy()));
        assert_eq!(ended, gave_up(Why::Attempts, 2, Busy(2)));
    });
}

#[test]
fn a_timeout_in_the_closure_limits_one_attempt_and_needs_a_question_mark() {
    everywhere(|world| {
        let advice = |_: &io::Error| Advice::TryAgain;
        let calls = Calls::default();
        let call = || {
            let call = calls.next();
            async move {
                match call {
                    1 => pending().await,
                    2 => Err(io::Error::other("busy")),
                    _ => Ok(call),
                }
            }
        };
        let policy = Policy { attempts: NonZeroU32::MAX, ..deadline(60_000) };
        let limited = || async { timeout(ms(5), call()).await? };
        assert_eq!(world.run(retry(&policy, |_| ms(1), advice, limited)).unwrap(), 3);

        let down = || ready(Err::<(), _>(io::Error::other("down")));
        let nested = || timeout(ms(5), down());
        let ended = world.run(retry(&policy, |_| ms(1), |_elapsed| Advice::TryAgain, nested));
        assert!(ended.unwrap().is_err(), "the error of the call is a success");
    });
}
