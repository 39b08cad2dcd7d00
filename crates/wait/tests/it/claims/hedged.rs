//! Hedged requests.

use std::panic::AssertUnwindSafe;

use futures::FutureExt;
use futures::future::BoxFuture;
use room::{World, everywhere};
use timeline::{Clock, LaneExt, Recording, record};
use tokio::time::{sleep, timeout};
use wait::{hedged, naive};

use crate::{Answer, answer, failure, ms, panicking};

type Request = BoxFuture<'static, Answer>;

/// Asks these replicas with a patience of 100 ms, and looks on for a second.
fn run<const N: usize>(
    replicas: impl FnOnce() -> [Request; N],
) -> (Result<&'static str, Vec<&'static str>>, Recording) {
    record(Clock::Virtual, async {
        let answer = hedged(replicas(), ms(100)).await;
        sleep(ms(1_000)).await;
        answer
    })
}

/// Asks these replicas with a patience of 100 ms, in this world.
fn run_in<const N: usize>(
    world: World,
    replicas: impl FnOnce() -> [Request; N],
) -> (Result<&'static str, Vec<&'static str>>, Recording) {
    world.record(async { hedged(replicas(), ms(100)).await })
}

fn answers(name: &'static str, milliseconds: u64) -> Request {
    answer(name, milliseconds).try_lane(name).boxed()
}

fn fails(name: &'static str, milliseconds: u64) -> Request {
    failure(name, milliseconds).try_lane(name).boxed()
}

#[test]
fn a_quick_answer_asks_nobody_else() {
    let (answer, recording) = run(|| [answers("primary", 80), answers("backup", 30)]);
    assert_eq!(answer, Ok("primary"));
    assert_eq!(recording.never_started(), ["backup"]);
}

#[test]
fn a_slow_replica_is_overtaken_by_one_asked_later_and_dropped() {
    let (answer, recording) = run(|| [answers("primary", 900), answers("backup", 30)]);
    assert_eq!(answer, Ok("backup"));
    assert_eq!(recording.lane("backup").unwrap().closed, Some(130_000));
    assert_eq!(recording.cancelled(), ["primary"]);
}

#[test]
fn the_first_replica_may_still_win_after_the_second_was_asked() {
    let (answer, recording) = run(|| [answers("primary", 120), answers("backup", 900)]);
    assert_eq!(answer, Ok("primary"));
    assert_eq!(recording.peak_where(|_| true), 2);
    assert_eq!(recording.cancelled(), ["backup"]);
}

#[test]
fn a_failure_asks_the_next_replica_at_once() {
    let (answer, recording) = run(|| [fails("primary", 20), answers("backup", 30)]);
    assert_eq!(answer, Ok("backup"));
    assert_eq!(recording.lane("backup").unwrap().started(), Some(20_000));
}

#[test]
fn after_a_failure_patience_starts_again_with_the_next_replica() {
    everywhere(|world| {
        // The second is asked at 80 ms and the third at 180 ms, not at 100 ms, when the second has answered.
        let (answer, recording) = run_in(world, || [fails("first", 80), answers("second", 60), answers("third", 10)]);
        assert_eq!(answer, Ok("second"));
        assert_eq!(recording.never_started(), ["third"]);

        // The second is asked at 20 ms and the third at 120 ms, not at 200 ms, before the second would answer.
        let (answer, recording) = run_in(world, || [fails("first", 20), answers("second", 160), answers("third", 10)]);
        assert_eq!(answer, Ok("third"));
        assert_eq!(recording.cancelled(), ["second"]);
    });
}

#[test]
fn when_all_fail_it_returns_every_error_in_the_order_of_failing() {
    let (answer, _) = run(|| [fails("primary", 190), fails("second", 20), fails("third", 30)]);
    assert_eq!(answer, Err(vec!["second", "third", "primary"]));
}

#[test]
fn with_no_replicas_it_fails_without_an_error() {
    assert_eq!(run(|| []).0, Err(vec![]));
}

#[test]
fn a_panic_in_one_request_drops_the_others() {
    let (outcome, recording) = record(Clock::Virtual, async {
        let requests = [answers("primary", 900), panicking(30).try_lane("panicking").boxed()];
        AssertUnwindSafe(hedged(requests, ms(100))).catch_unwind().await
    });
    assert!(outcome.is_err());
    assert_eq!(recording.cancelled(), ["primary"]);
}

#[test]
fn dropping_it_drops_every_request() {
    let ((), recording) = record(Clock::Virtual, async {
        let both = hedged([answers("primary", 900), answers("backup", 800)], ms(100));
        timeout(ms(150), both).await.unwrap_err();
    });
    assert_eq!(recording.cancelled(), ["primary", "backup"]);
}

#[test]
fn the_naive_one_lets_a_failure_beat_an_answer() {
    let replicas = || [fails("primary", 150), answers("backup", 80)];
    let (answer, recording) = run(replicas);
    assert_eq!(answer, Ok("backup"));
    assert_eq!(recording.cancelled(), Vec::<&str>::new());

    let (answer, recording) = record(Clock::Virtual, async { naive::hedged(replicas(), ms(100)).await });
    assert_eq!(answer, Err(vec!["primary"]));
    assert_eq!(recording.cancelled(), ["backup"]);
}
