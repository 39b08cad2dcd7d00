//! Several timeouts.

use super::*;
use timeouts::{GaveUp, retry};

#[test]
fn of_nested_ones_the_earlier_ends_the_wait() {
    everywhere(|world| {
        let inner_first = world.run(async { timeout(ms(5_000), timeout(ms(10), pending::<()>())).await });
        assert!(matches!(inner_first, Ok(Err(_))));
        let (outer_first, recording) =
            world.record(async { timeout(ms(10), timeout(ms(5_000), pending::<()>()).try_lane("inner")).await });
        assert!(outer_first.is_err());
        assert!(recording.total() < 5_000_000);
    });
}

#[test]
fn of_nested_ones_at_the_same_instant_the_inner_one_reports_on_one_thread() {
    on_one_thread(|world| {
        let result = world.run(async {
            let deadline = Instant::now() + ms(10);
            timeout_at(deadline, timeout_at(deadline, pending::<()>())).await
        });
        assert!(matches!(result, Ok(Err(_))));
    });
}

#[test]
fn one_deadline_can_be_handed_from_step_to_step() {
    everywhere(|world| {
        let steps = async {
            let deadline = Instant::now() + ms(40);
            let first = timeout_at(deadline, sleep(ms(5))).await;
            let second = timeout_at(deadline, sleep(ms(5_000))).await;
            (first.is_ok(), second.is_ok())
        };
        let (ended, recording) = world.record(async { steps.lane("steps").await });
        assert_eq!(ended, (true, false));
        world.assert_took(recording.total(), ms(40));
        assert!(recording.total() < 5_000_000);
    });
}

/// Why it gave up. A lane around this begins with the time of the attempts.
async fn gives_up<T, E>(retrying: impl Future<Output = Result<T, GaveUp<E>>>) -> GaveUp<E> {
    retrying.await.err().unwrap()
}

/// An attempt that never answers, in a lane.
async fn hanging() -> Result<(), ()> {
    pending().try_lane("attempt").await
}

#[test]
fn attempts_under_one_deadline_end_with_it() {
    everywhere(|world| {
        let (gave_up, recording) = world.record(async { gives_up(retry(ms(30), 3, hanging)).lane("all").await });
        assert_eq!(gave_up, GaveUp::TimedOut(None));
        let attempts = recording.cancelled();
        assert!(
            if world.is_paused() { attempts.len() == 3 } else { (1..=3).contains(&attempts.len()) },
            "{attempts:?}"
        );
        world.assert_took(recording.total(), ms(30));
    });
}

#[test]
fn each_attempt_gets_an_equal_share_of_the_time_that_is_left() {
    everywhere(|world| {
        let (_, recording) = world.record(retry(ms(30), 3, hanging));
        let first = recording.named("attempt").next().unwrap().lasted().unwrap();
        // A third of 30 ms, less the moment between the start of its time and its own.
        assert!((9_000..30_000).contains(&first), "{first}");
    });
}

#[test]
fn the_shares_are_equal_on_the_paused_clock() {
    on_the_paused_clock(|world| {
        let (_, recording) = world.record(retry(ms(60), 3, hanging));
        let lasted: Vec<_> = recording.named("attempt").map(|attempt| attempt.lasted().unwrap()).collect();
        assert_eq!(lasted, [20_000; 3]);
    });
}

#[test]
fn shares_below_a_millisecond_do_not_add_up_beyond_the_limit() {
    everywhere(|world| {
        let (_, recording) = world.record(async { gives_up(retry(ms(5), 100, hanging)).lane("all").await });
        let attempts = recording.cancelled().len();
        // In real time the first millisecond may have begun before the first attempt.
        assert!(if world.is_paused() { attempts == 5 } else { (1..=6).contains(&attempts) }, "{attempts}");
        world.assert_took(recording.total(), ms(5));
    });
}

#[test]
fn no_attempt_begins_after_the_deadline() {
    everywhere(|world| {
        let (begun, result) = world.run(async {
            let mut begun = 0;
            let attempt = || {
                begun += 1;
                async {
                    if world.is_paused() {
                        advance(ms(20)).await;
                    } else {
                        // An attempt that blocks cannot be ended by its timeout.
                        std::thread::sleep(ms(20));
                    }
                    Err::<(), _>("refused")
                }
            };
            let result = retry(ms(10), 5, attempt).await;
            (begun, result)
        });
        assert_eq!(begun, 1);
        assert!(result.is_err());
    });
}

#[test]
fn with_no_time_no_attempt_begins() {
    everywhere(|world| {
        let (result, recording) = world.record(retry(Duration::ZERO, 3, hanging));
        assert_eq!(result, Err(GaveUp::TimedOut(None)));
        assert_eq!(recording.lanes.len(), 0);
    });
}

#[test]
fn attempts_that_capture_can_be_spawned() {
    everywhere(|world| {
        let (answer, tries) = world.run(async {
            let asked = Arc::new(AtomicU32::new(0));
            let (shared, mut tries) = (Arc::clone(&asked), 0);
            let handler = async move {
                let attempt = || {
                    tries += 1;
                    let (asked, tries) = (&shared, tries);
                    async move {
                        yield_now().await;
                        asked.fetch_add(1, Relaxed);
                        if tries < 3 { Err("busy") } else { Ok(tries) }
                    }
                };
                retry(ms(5_000), 5, attempt).await
            };
            (tokio::spawn(handler).await.unwrap(), asked.load(Relaxed))
        });
        assert_eq!((answer, tries), (Ok(3), 3));
    });
}

#[test]
fn attempts_with_a_timeout_each_add_up() {
    everywhere(|world| {
        let (gave_up, recording) =
            world.record(async { gives_up(timeouts::naive::retry(ms(10), 3, hanging)).lane("all").await });
        assert_eq!(gave_up, GaveUp::TimedOut(None));
        assert_eq!(recording.cancelled(), ["attempt"; 3]);
        world.assert_took(recording.total(), ms(30));
    });
}

#[test]
fn an_attempt_that_fails_early_leaves_its_time_to_the_others() {
    everywhere(|world| {
        let mut delays = [ms(0), ms(5_000)].into_iter();
        let refuse = || {
            let delay = delays.next().unwrap();
            let wait = async move {
                if !delay.is_zero() {
                    sleep(delay).await;
                }
            };
            async move {
                wait.lane("attempt").await;
                Err::<(), _>("refused")
            }
        };
        let (gave_up, recording) = world.record(async { gives_up(retry(ms(100), 2, refuse)).lane("all").await });
        assert_eq!(gave_up, GaveUp::TimedOut(Some("refused")));
        let lasted: Vec<_> = recording.named("attempt").map(|attempt| attempt.lasted().unwrap()).collect();
        // Its half would be 50 ms.
        assert!(lasted[1] > 60_000, "{lasted:?}");
        world.assert_took(recording.total(), ms(100));
    });
}

#[test]
fn attempts_stop_at_the_first_success() {
    everywhere(|world| {
        let answer = || async {
            sleep(ms(1)).lane("attempt").await;
            Ok::<_, ()>("answer")
        };
        let (result, recording) = world.record(retry(ms(5_000), 3, answer));
        assert_eq!(result, Ok("answer"));
        assert_eq!(recording.lanes.len(), 1);
    });
}

#[test]
fn giving_up_says_how_the_last_attempt_ended() {
    everywhere(|world| {
        let refused = world.run(retry(ms(5_000), 3, || async { Err::<(), _>("refused") }));
        assert_eq!(refused, Err(GaveUp::Failed("refused")));
        let untried = world.run(retry(ms(5_000), 0, || async { Ok::<_, ()>(()) }));
        assert_eq!(untried, Err(GaveUp::TimedOut(None)));
    });
}

#[test]
fn giving_up_keeps_the_last_error_through_the_timeouts_after_it() {
    everywhere(|world| {
        let mut errors = ["refused", "busy"].into_iter();
        let attempt = || {
            let error = errors.next();
            async move {
                match error {
                    Some(error) => Err::<(), _>(error),
                    None => pending().await,
                }
            }
        };
        let gave_up = world.run(retry(ms(20), 4, attempt)).unwrap_err();
        assert_eq!(gave_up, GaveUp::TimedOut(Some("busy")));
        assert_eq!(gave_up.into_error(), Some("busy"));
    });
}

#[test]
fn giving_up_has_that_error_as_its_source() {
    use std::error::Error;

    let source = |gave_up: GaveUp<io::Error>| gave_up.source().map(ToString::to_string);
    assert_eq!(source(GaveUp::TimedOut(Some(io::Error::other("busy")))).as_deref(), Some("busy"));
    assert_eq!(source(GaveUp::Failed(io::Error::other("busy"))).as_deref(), Some("busy"));
    assert_eq!(source(GaveUp::TimedOut(None)), None);
    assert_eq!(GaveUp::<io::Error>::TimedOut(None).to_string(), "the last attempt timed out");
    assert_eq!(GaveUp::Failed(()).to_string(), "the last attempt failed");
    assert_eq!(GaveUp::Failed("busy").into_error(), Some("busy"));
}
