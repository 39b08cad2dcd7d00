//! Stopping early.

use as_completed::{as_completed, as_completed_at_most, naive, quorum};
use futures::{StreamExt, stream};
use timeline::{Clock, LaneExt, Outcome, record};
use tokio::task::JoinSet;
use tokio::time::sleep;

use crate::{TWO, answer, ms, respond};

#[test]
fn stopping_early_cancels_the_rest() {
    let ((), recording) = record(Clock::Virtual, async {
        let mut completed = as_completed([answer("slow", 30), answer("quick", 10)]);
        completed.next().await;
        drop(completed);
        sleep(ms(100)).await;
    });
    assert_eq!(recording.finish_order(), ["quick"]);
    assert_eq!(recording.cancelled(), ["slow"]);
}

#[test]
fn stopping_early_aborts_the_tasks_and_starts_no_more() {
    let ((), recording) = record(Clock::Virtual, async {
        let inputs = [("slow", 30), ("quick", 10), ("next", 40)];
        let mut completed = as_completed_at_most(TWO, inputs, |(name, takes)| answer(name, takes));
        completed.next().await;
        drop(completed);
        sleep(ms(100)).await;
    });
    assert_eq!(recording.finish_order(), ["quick"]);
    assert_eq!(recording.cancelled(), ["slow"]);
    assert_eq!(recording.lane("next"), None);
}

#[test]
fn buffered_handles_of_spawned_tasks_run_on_after_the_stream_is_dropped() {
    let ((), recording) = record(Clock::Virtual, async {
        let requests = stream::iter([("slow", 30), ("quick", 10)]);
        let mut completed = requests.map(|(name, takes)| tokio::spawn(answer(name, takes))).buffer_unordered(2);
        completed.next().await;
        drop(completed);
        sleep(ms(100)).await;
    });
    assert_eq!(recording.finish_order(), ["quick", "slow"]);
}

#[test]
fn a_join_set_dropped_early_aborts_the_rest() {
    let ((), recording) = record(Clock::Virtual, async {
        let mut tasks = JoinSet::from_iter([answer("slow", 30), answer("quick", 10)]);
        tasks.join_next().await;
        drop(tasks);
        sleep(ms(100)).await;
    });
    assert_eq!(recording.cancelled(), ["slow"]);
}

#[test]
fn a_quorum_ends_with_the_last_answer_it_needs_and_cancels_the_rest() {
    let (answers, recording) = record(Clock::Virtual, async {
        quorum(
            2,
            [respond(Ok("slow"), 90), respond(Err("bad"), 5), respond(Ok("quick"), 10), respond(Ok("middling"), 20)],
        )
        .await
    });
    assert_eq!(answers, Ok(vec![(2, "quick"), (3, "middling")]));
    assert_eq!(recording.cancelled(), ["slow"]);
    assert_eq!(recording.total(), 20_000);
}

#[test]
fn a_quorum_that_is_out_of_reach_fails_without_waiting_for_the_rest() {
    let (answers, recording) = record(Clock::Virtual, async {
        quorum(2, [respond(Ok("slow"), 90), respond(Err("bad"), 5), respond(Err("worse"), 10)]).await
    });
    assert_eq!(answers, Err(vec![(1, "bad"), (2, "worse")]));
    assert_eq!(recording.cancelled(), ["slow"]);
    assert_eq!(recording.total(), 10_000);
}

#[test]
fn a_quorum_of_more_than_there_are_starts_none() {
    let (answers, recording) = record(Clock::Virtual, async { quorum(2, [answer("only", 10)]).await });
    assert_eq!(answers, Err(vec![]));
    assert_eq!(recording.lanes.len(), 0);
}

#[test]
fn a_quorum_of_none_starts_none() {
    let (answers, recording) = record(Clock::Virtual, async { quorum(0, [answer("unneeded", 10)]).await });
    assert_eq!(answers, Ok(vec![]));
    assert_eq!(recording.lanes.len(), 0);
}

#[test]
fn the_naive_quorum_waits_for_the_slowest() {
    let replicas = || [("slow", 90), ("quick", 10), ("middling", 20)].map(|(name, takes)| answer(name, takes));
    let (_, right) = record(Clock::Virtual, async { quorum(2, replicas()).await });
    let (_, naive) = record(Clock::Virtual, async { naive::quorum(2, replicas()).await });
    assert_eq!((right.total(), right.cancelled()), (20_000, vec!["slow"]));
    assert_eq!((naive.total(), naive.cancelled()), (90_000, vec![]));
}

#[test]
fn a_future_that_the_stream_has_not_polled_yet_is_dropped_unstarted() {
    let ((), recording) = record(Clock::Virtual, async {
        drop(as_completed([async {}.lane("unstarted")]));
    });
    assert_eq!(recording.lane("unstarted").unwrap().outcome, Some(Outcome::NeverStarted));
}
