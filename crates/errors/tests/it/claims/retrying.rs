//! Transient or permanent.

use std::future::Ready;

use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};

use super::*;

type Answer = Result<u8, Refused>;

const TRIES: NonZeroU32 = NonZeroU32::new(3).unwrap();

/// A service with these answers. It counts its calls.
fn service<const N: usize>(calls: &AtomicUsize, answers: [Result<u8, Refused>; N]) -> impl Fn() -> Ready<Answer> {
    move || ready(answers[calls.fetch_add(1, Ordering::Relaxed)])
}

#[test]
fn a_transient_error_is_tried_again_after_a_pause() {
    everywhere(|world| {
        let busy = Err(Refused::Busy);
        let (ended, recording) = world.record(async {
            let mut answers = [busy, busy, Ok(7), busy].into_iter();
            retry(TRIES, ms(10), || ready(answers.next().unwrap())).try_lane("retry").await
        });
        assert_eq!(ended, Ok(7));
        world.assert_took(recording.total(), ms(20));
    });
}

#[test]
fn a_permanent_error_comes_back_at_once() {
    everywhere(|world| {
        let calls = AtomicUsize::new(0);
        let ended = world.run(retry(TRIES, ms(1), service(&calls, [Err(Refused::Forbidden), Ok(7)])));
        assert_eq!((ended, calls.into_inner()), (Err(Refused::Forbidden), 1));
    });
}

#[test]
fn the_naive_retry_repeats_a_permanent_error() {
    everywhere(|world| {
        let calls = AtomicUsize::new(0);
        let ended = world.run(naive::retry(TRIES, ms(1), service(&calls, [Err(Refused::Forbidden); 3])));
        assert_eq!((ended, calls.into_inner()), (Err(Refused::Forbidden), 3));
    });
}

#[test]
fn after_the_last_try_the_transient_error_comes_back() {
    everywhere(|world| {
        let calls = AtomicUsize::new(0);
        let ended = world.run(retry(TRIES, ms(1), service(&calls, [Err(Refused::Busy); 3])));
        assert_eq!((ended, calls.into_inner()), (Err(Refused::Busy), 3));
    });
}

#[test]
fn a_dropped_retry_makes_no_further_attempt() {
    everywhere(|world| {
        let calls = AtomicUsize::new(0);
        world.run(async {
            let attempt = async || {
                calls.fetch_add(1, Ordering::Relaxed);
                Err::<(), _>(Refused::Busy)
            };
            timeout(ms(10), retry(TRIES, Duration::MAX, attempt)).await.unwrap_err();
        });
        assert_eq!(calls.into_inner(), 1);
    });
}

#[test]
fn the_same_seed_fails_at_the_same_calls() {
    let failures = |seed| {
        let mut dice = StdRng::seed_from_u64(seed);
        std::array::from_fn::<_, 64, _>(|_| dice.random_bool(0.5))
    };
    assert_eq!(failures(7), failures(7));
    assert_ne!(failures(7), failures(8));
}
