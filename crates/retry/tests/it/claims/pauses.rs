//! How long the pauses are.

use std::sync::Mutex;

use super::*;

/// The longest pauses that a jitter is asked for.
fn asked_for(world: room::World, policy: &Policy) -> Vec<u128> {
    let asked = Mutex::new(Vec::new());
    let note = |most: Duration| {
        asked.lock().unwrap().push(most.as_millis());
        Duration::ZERO
    };
    let calls = Calls::default();
    world.run(retry(policy, note, Refused::advice, || calls.busy())).unwrap_err();
    asked.into_inner().unwrap()
}

#[test]
fn the_longest_pause_doubles_up_to_its_limit() {
    everywhere(|world| assert_eq!(asked_for(world, &attempts(6)), [10, 20, 40, 40, 40]));
}

#[test]
fn no_number_of_attempts_is_too_large_for_the_doubling() {
    let policy = Policy { longest_pause: Duration::MAX, first_pause: Duration::from_hours(1), ..attempts(u32::MAX) };
    assert_eq!(policy.pause_after(1), Duration::from_hours(1));
    assert_eq!(policy.pause_after(33), Duration::from_hours(1) * u32::MAX);
    assert_eq!(policy.pause_after(u32::MAX), policy.pause_after(33));
    let policy = Policy { first_pause: Duration::MAX, ..policy };
    assert_eq!(policy.pause_after(2), Duration::MAX);
}

#[test]
fn the_pause_is_what_the_jitter_says_and_none_follows_the_last_attempt() {
    everywhere(|world| {
        let calls = Calls::default();
        let (ended, recording) = world.record(async {
            retry(&attempts(4), |most| most / 2, Refused::advice, || calls.busy()).try_lane("retry").await
        });
        assert_eq!(ended, gave_up(Why::Attempts, 4, Busy(4)));
        world.assert_took(recording.total(), ms(5 + 10 + 20));
    });
}

#[test]
fn full_jitter_makes_any_pause_up_to_the_longest() {
    let pauses: Vec<_> = (0..10_000).map(|_| full_jitter(ms(1_000)).as_millis()).collect();
    let tenths = (0..10).map(|tenth| pauses.iter().filter(|pause| **pause / 100 == tenth).count());
    // Each tenth has 1,000 of them; the standard deviation is 30.
    assert!(tenths.into_iter().all(|count| (800..1_200).contains(&count)));
}

#[test]
fn what_the_service_asks_for_comes_first_and_the_jitter_on_top() {
    everywhere(|world| {
        let calls = Calls::default();
        let attempt = async || match calls.next() {
            1 => Err(ComeBackIn(ms(50))),
            2 => Ok(()),
            _ => unreachable!("the second call succeeds"),
        };
        let (ended, recording) =
            world.record(async { retry(&attempts(2), |_| ms(7), Refused::advice, attempt).try_lane("retry").await });
        assert_eq!(ended, Ok(()));
        world.assert_took(recording.total(), ms(57));
    });
}

/// When the second attempts of a hundred clients come that failed at the same instant, in milliseconds.
async fn second_attempts(jitter: fn(Duration) -> Duration, answer: fn() -> Refused) -> Vec<u128> {
    let (start, policy) = (Instant::now(), Policy { first_pause: ms(1_000), longest_pause: ms(1_000), ..attempts(2) });
    let clients = (0..100).map(|_| async {
        let mut come = 0;
        retry(&policy, jitter, Refused::advice, || {
            come = start.elapsed().as_millis();
            ready(Err::<(), _>(answer()))
        })
        .await
        .unwrap_err();
        come
    });
    futures::future::join_all(clients).await
}

/// How many come in the same ten milliseconds, at most.
fn at_once(times: &[u128]) -> usize {
    times.iter().map(|time| times.iter().filter(|other| *other / 10 == time / 10).count()).max().unwrap_or(0)
}

#[test]
fn without_jitter_all_clients_come_back_at_the_same_instant_on_the_paused_clock() {
    on_the_paused_clock(|world| {
        assert_eq!(world.run(second_attempts(identity, || Busy(1))), [1_000; 100]);
    });
}

#[test]
fn with_full_jitter_the_clients_come_back_one_by_one_on_the_paused_clock() {
    on_the_paused_clock(|world| {
        // One in each ten milliseconds, on average. Fifteen at once are less likely than one in 10^10.
        assert!(at_once(&world.run(second_attempts(full_jitter, || Busy(1)))) < 15);
    });
}

#[test]
fn clients_who_are_told_the_same_time_do_not_come_at_the_same_instant_on_the_paused_clock() {
    on_the_paused_clock(|world| {
        let times = world.run(second_attempts(full_jitter, || ComeBackIn(ms(500))));
        assert!(at_once(&times) < 15);
        assert!(times.iter().all(|time| (500..=1_500).contains(time)), "{times:?}");
    });
}
