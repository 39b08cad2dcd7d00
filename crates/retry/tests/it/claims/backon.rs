//! What backon does.

use std::sync::Mutex;

use ::backon::{BackoffBuilder, ExponentialBuilder, Retryable};

use super::*;

const BACKOFF: ExponentialBuilder =
    ExponentialBuilder::new().with_min_delay(ms(10)).with_factor(2.0).with_max_delay(ms(40)).with_max_times(4);

#[test]
fn backon_makes_one_attempt_more_than_max_times_and_no_pause_after_the_last() {
    everywhere(|world| {
        let calls = Calls::default();
        let (ended, recording) =
            world.record(async { async { (|| calls.busy()).retry(BACKOFF).await }.try_lane("retry").await });
        assert_eq!((ended, calls.count()), (Err(Busy(5)), 5));
        world.assert_took(recording.total(), ms(10 + 20 + 40 + 40));
    });
}

#[test]
fn backon_adds_its_jitter_to_the_pause_also_above_max_delay() {
    for seed in 0..1_000 {
        let pauses: Vec<_> = BACKOFF.with_jitter().with_jitter_seed(seed).build().collect();
        let least = [10, 20, 40, 40].map(ms);
        assert!(pauses.iter().zip(least).all(|(pause, least)| (least..=2 * least).contains(pause)), "{pauses:?}");
        // At least one of these is above the limit.
        assert!(pauses.iter().any(|pause| *pause > ms(40)));
    }
}

#[test]
fn backon_stops_at_an_error_for_which_when_is_false() {
    everywhere(|world| {
        let calls = Calls::default();
        let attempt = async || if calls.next() == 1 { Err(Busy(1)) } else { Err::<(), _>(Forbidden) };
        let ended = world.run(async { attempt.retry(BACKOFF).when(|error| *error != Forbidden).await });
        assert_eq!((ended, calls.count()), (Err(Forbidden), 2));
    });
}

#[test]
fn backon_repeats_every_error_without_when() {
    everywhere(|world| {
        let calls = Calls::default();
        let attempt = async || {
            calls.next();
            Err::<(), _>(Forbidden)
        };
        assert_eq!(world.run(async { attempt.retry(BACKOFF).await }), Err(Forbidden));
        assert_eq!(calls.count(), 5);
    });
}

/// The pauses of a retry that adjusts them.
async fn adjusted(adjust: fn(&Refused, Option<Duration>) -> Option<Duration>, stop_after: u32) -> Vec<Duration> {
    let (calls, pauses) = (Calls::default(), Mutex::new(Vec::new()));
    let attempt = async || if calls.next() > stop_after { Ok(()) } else { Err(ComeBackIn(ms(1))) };
    let retrying = attempt.retry(BACKOFF.with_max_times(2)).adjust(adjust);
    _ = retrying.notify(|_, pause| pauses.lock().unwrap().push(pause)).await;
    pauses.into_inner().unwrap()
}

#[test]
fn backon_adjust_makes_the_pause_that_the_service_asks_for() {
    everywhere(|world| {
        let pauses = world.run(adjusted(
            |error, pause| match error {
                ComeBackIn(asked) => pause.map(|_| *asked),
                _ => pause,
            },
            100,
        ));
        assert_eq!(pauses, [ms(1), ms(1)]);
    });
}

#[test]
fn backon_adjust_goes_on_beyond_max_times_if_it_makes_a_pause_of_none() {
    everywhere(|world| {
        let pauses = world.run(adjusted(
            |error, pause| match error {
                ComeBackIn(asked) => Some(*asked),
                _ => pause,
            },
            10,
        ));
        assert_eq!(pauses.len(), 10);
    });
}

#[test]
fn backon_total_delay_counts_the_pauses_and_not_the_attempts() {
    everywhere(|world| {
        let calls = Calls::default();
        let attempt = async || {
            sleep(ms(20)).await;
            calls.busy().await
        };
        let (ended, recording) = world.record(async {
            async { attempt.retry(BACKOFF.with_total_delay(Some(ms(30)))).await }.try_lane("retry").await
        });
        // The pauses are 10 and 20 ms.
        assert_eq!(ended, Err(Busy(3)));
        world.assert_took(recording.total(), ms(3 * 20 + 30));
    });
}
