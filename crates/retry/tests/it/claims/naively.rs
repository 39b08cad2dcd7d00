//! What goes wrong in the naive version.

use super::*;

#[test]
fn the_naive_retry_repeats_a_permanent_error() {
    everywhere(|world| {
        let calls = Calls::default();
        let attempt = async || {
            calls.next();
            Err::<(), _>(Forbidden)
        };
        world.run(naive::retry(&attempts(3), identity, Refused::advice, attempt)).unwrap_err();
        assert_eq!(calls.count(), 3);
    });
}

#[test]
fn the_naive_retry_makes_a_pause_after_the_last_attempt() {
    everywhere(|world| {
        let calls = Calls::default();
        let (_, recording) = world.record(async {
            naive::retry(&attempts(2), no_pause, Refused::advice, || calls.busy()).try_lane("retry").await
        });
        world.assert_took(recording.total(), ms(10 + 20));
    });
}

#[test]
fn the_naive_retry_returns_the_first_error() {
    everywhere(|world| {
        let calls = Calls::default();
        let ended = world.run(naive::retry(&attempts(3), identity, Refused::advice, || calls.busy()));
        assert_eq!(ended, gave_up(Why::Attempts, 3, Busy(1)));
    });
}

#[test]
fn the_naive_retry_waits_for_ever_for_an_attempt_that_never_answers() {
    everywhere(|world| {
        let policy = Policy { deadline: ms(1), ..attempts(3) };
        let retrying = naive::retry(&policy, identity, Refused::advice, pending::<Result<(), _>>);
        world.run(async { timeout(ms(20), retrying).await.unwrap_err() });
    });
}
