//! Stopping early.

use as_completed::{as_completed, as_completed_at_most, naive, quorum};
use futures::{FutureExt, StreamExt, stream};
use room::everywhere;
use timeline::{LaneExt, Outcome};
use tokio::task::JoinSet;
use tokio::time::sleep;

use crate::{TWO, answer, ms, respond, watched};

#[test]
fn stopping_early_cancels_the_rest() {
    everywhere(|world| {
        let ((), recording) = world.record(async {
            let mut completed = as_completed([answer("slow", 30), answer("quick", 5)]);
            completed.next().await;
            drop(completed);
            sleep(ms(40)).await;
        });
        assert_eq!(recording.finish_order(), ["quick"]);
        assert_eq!(recording.cancelled(), ["slow"]);
    });
}

#[test]
fn stopping_early_aborts_the_tasks_and_starts_no_more() {
    everywhere(|world| {
        let ((), recording) = world.record(async {
            let (slow, ended) = watched(answer("slow", 5_000));
            let inputs = [slow.boxed(), answer("quick", 20).boxed(), answer("next", 20).boxed()];
            let mut completed = as_completed_at_most(TWO, inputs, |request| request);
            completed.next().await;
            drop(completed);
            ended.await.unwrap_err();
        });
        assert_eq!(recording.finish_order(), ["quick"]);
        assert_eq!(recording.cancelled(), ["slow"]);
        assert_eq!(recording.lane("next"), None);
    });
}

#[test]
fn buffered_handles_of_spawned_tasks_run_on_after_the_stream_is_dropped() {
    everywhere(|world| {
        let ((), recording) = world.record(async {
            let (slow, ended) = watched(answer("slow", 40));
            let requests = stream::iter([slow.boxed(), answer("quick", 5).boxed()]);
            let mut completed = requests.map(tokio::spawn).buffer_unordered(2);
            completed.next().await;
            drop(completed);
            ended.await.unwrap_err();
        });
        assert_eq!(recording.finish_order(), ["quick", "slow"]);
    });
}

#[test]
fn a_join_set_dropped_early_aborts_the_rest() {
    everywhere(|world| {
        let ((), recording) = world.record(async {
            let (slow, ended) = watched(answer("slow", 5_000));
            let mut tasks = JoinSet::from_iter([slow.boxed(), answer("quick", 20).boxed()]);
            tasks.join_next().await;
            drop(tasks);
            ended.await.unwrap_err();
        });
        assert_eq!(recording.cancelled(), ["slow"]);
    });
}

#[test]
fn a_quorum_ends_with_the_last_answer_it_needs_and_cancels_the_rest() {
    everywhere(|world| {
        let (answers, recording) = world.record(async {
            let replicas = [
                respond(Ok("slow"), 5_000),
                respond(Err("bad"), 2),
                respond(Ok("middling"), 20),
                respond(Ok("quick"), 10),
            ];
            quorum(2, replicas).await
        });
        // In the order in which they came, which is not the order of the inputs.
        assert_eq!(answers, Ok(vec![(3, "quick"), (2, "middling")]));
        assert_eq!(recording.cancelled(), ["slow"]);
        world.assert_took(recording.total(), ms(20));
    });
}

#[test]
fn a_quorum_that_is_out_of_reach_fails_without_waiting_for_the_rest() {
    everywhere(|world| {
        let (answers, recording) = world.record(async {
            quorum(2, [respond(Ok("slow"), 5_000), respond(Err("worse"), 15), respond(Err("bad"), 5)]).await
        });
        assert_eq!(answers, Err(vec![(2, "bad"), (1, "worse")]));
        assert_eq!(recording.cancelled(), ["slow"]);
        world.assert_took(recording.total(), ms(15));
    });
}

#[test]
fn a_quorum_of_more_than_there_are_starts_none() {
    everywhere(|world| {
        let (answers, recording) = world.record(async { quorum(2, [answer("only", 10)]).await });
        assert_eq!(answers, Err(vec![]));
        assert_eq!(recording.lanes.len(), 0);
    });
}

#[test]
fn a_quorum_of_none_starts_none() {
    everywhere(|world| {
        let (answers, recording) = world.record(async { quorum(0, [answer("unneeded", 10)]).await });
        assert_eq!(answers, Ok(vec![]));
        assert_eq!(recording.lanes.len(), 0);
    });
}

#[test]
fn a_quorum_that_fails_drops_the_good_answers_too() {
    everywhere(|world| {
        let answers = world.run(quorum(2, [respond(Ok("good"), 5), respond(Err("bad"), 15)]));
        assert_eq!(answers, Err(vec![(1, "bad")]));
    });
}

#[test]
fn the_naive_quorum_waits_for_the_slowest() {
    everywhere(|world| {
        let replicas = || [("slow", 40), ("quick", 5), ("middling", 15)].map(|(name, takes)| answer(name, takes));
        let (_, right) = world.record(async { quorum(2, replicas()).await });
        let (_, naive) = world.record(async { naive::quorum(2, replicas()).await });
        assert_eq!(right.cancelled(), ["slow"]);
        assert_eq!(naive.cancelled(), [""; 0]);
        world.assert_took(right.total(), ms(15));
        world.assert_took(naive.total(), ms(40));
    });
}

#[test]
fn the_naive_quorum_takes_the_first_answers_of_the_list_or_all_errors() {
    everywhere(|world| {
        let replicas =
            || [respond(Ok("slow"), 20), respond(Err("bad"), 1), respond(Ok("quick"), 5), respond(Ok("spare"), 2)];
        assert_eq!(world.run(naive::quorum(2, replicas())), Ok(vec![(0, "slow"), (2, "quick")]));
        assert_eq!(world.run(naive::quorum(3, replicas())), Ok(vec![(0, "slow"), (2, "quick"), (3, "spare")]));
        assert_eq!(world.run(naive::quorum(4, replicas())), Err(vec![(1, "bad")]));
    });
}

#[test]
fn a_future_that_the_stream_has_not_polled_yet_is_dropped_unstarted() {
    everywhere(|world| {
        let ((), recording) = world.record(async {
            drop(as_completed([async {}.lane("unstarted")]));
        });
        assert_eq!(recording.lane("unstarted").unwrap().outcome, Some(Outcome::NeverStarted));
    });
}
