//! Results in the order in which they come.

use std::future::ready;

use as_completed::{as_completed, as_completed_at_most, naive};
use futures::future::Either;
use futures::stream::{self, FuturesUnordered};
use futures::{FutureExt, StreamExt};
use room::{World, everywhere};
use timeline::{LaneExt, Recording};
use tokio::sync::oneshot;
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};

use crate::{TWO, answer, ms};

#[test]
fn results_come_in_order_of_completion() {
    everywhere(|world| {
        world.run(async {
            let completed = as_completed([answer("slow", 30), answer("quick", 10), answer("middling", 20)]);
            let names: Vec<_> = completed.map(|(_, answer)| answer.unwrap()).collect().await;
            assert_eq!(names, ["quick", "middling", "slow"]);
        });
    });
}

#[test]
fn more_results_than_a_poll_may_take_come_in_another_order() {
    everywhere(|world| {
        let order = world.run(async {
            let (senders, receivers): (Vec<_>, Vec<_>) = (0..300).map(|_| oneshot::channel()).unzip();
            // All results are there, one after another, before the first is asked for.
            for sender in senders {
                sender.send(()).unwrap();
            }
            let completed = as_completed(receivers).map(|(index, _)| index);
            tokio::spawn(completed.collect::<Vec<_>>()).await.unwrap()
        });
        assert_eq!(order[..128], (0..128).collect::<Vec<_>>());
        assert_eq!(order[128..130], [299, 298]);
        assert_eq!(order.len(), 300);
    });
}

#[test]
fn the_first_comes_after_the_shortest_delay() {
    everywhere(|world| {
        let ((), recording) = world.record(async {
            as_completed([answer("slow", 5_000), answer("quick", 10)]).next().await;
        });
        world.assert_took(recording.total(), ms(10));
        assert!(recording.total() < 5_000_000);
    });
}

#[test]
fn the_last_comes_after_the_longest_delay() {
    everywhere(|world| {
        let (count, recording) =
            world.record(async { as_completed([answer("slow", 30), answer("quick", 10)]).count().await });
        assert_eq!(count, 2);
        world.assert_took(recording.total(), ms(30));
    });
}

#[test]
fn all_are_in_flight_at_once() {
    everywhere(|world| {
        let (count, recording) =
            world.record(async { as_completed((0..100).map(|_| sleep(ms(5)).lane("work"))).count().await });
        assert_eq!((count, recording.peak("work")), (100, 100));
    });
}

#[test]
fn each_result_comes_with_its_input() {
    everywhere(|world| {
        let inputs = [("slow", 60), ("quick", 5), ("middling", 15)];
        let pairs: Vec<_> = world.run(as_completed(inputs.map(|(name, takes)| answer(name, takes))).collect());
        assert_eq!(pairs, [(1, Ok("quick")), (2, Ok("middling")), (0, Ok("slow"))]);
        let tasks = async {
            as_completed_at_most(TWO, inputs, |(name, takes)| answer(name, takes))
                .map(|(index, ended)| (index, ended.unwrap()))
                .collect::<Vec<_>>()
                .await
        };
        assert_eq!(world.run(tasks), [(1, Ok("quick")), (2, Ok("middling")), (0, Ok("slow"))]);
    });
}

#[test]
fn a_result_may_carry_its_input_itself() {
    everywhere(|world| {
        world.run(async {
            let url = |url: &'static str, takes| sleep(ms(takes)).map(move |()| url);
            let urls: Vec<_> = FuturesUnordered::from_iter([url("/slow", 30), url("/quick", 10)]).collect().await;
            assert_eq!(urls, ["/quick", "/slow"]);
        });
    });
}

#[test]
fn a_join_set_yields_in_order_of_completion_too_and_knows_its_tasks_by_their_id() {
    everywhere(|world| {
        world.run(async {
            let mut tasks = JoinSet::new();
            let slow = tasks.spawn(answer("slow", 30)).id();
            let quick = tasks.spawn(answer("quick", 10)).id();
            let mut order = Vec::new();
            while let Some(ended) = tasks.join_next_with_id().await {
                order.push(ended.unwrap().0);
            }
            assert_eq!(order, [quick, slow]);
        });
    });
}

#[test]
fn nothing_in_nothing_out() {
    everywhere(|world| {
        world.run(async {
            let nothing: [std::future::Ready<()>; 0] = [];
            assert_eq!(as_completed(nothing.clone()).count().await, 0);
            assert_eq!(as_completed_at_most(TWO, nothing, |future| future).count().await, 0);
        });
    });
}

#[test]
fn nothing_starts_before_the_first_result_is_asked_for_and_then_all_in_order() {
    everywhere(|world| {
        let ((), recording) = world.record(async {
            let mut completed =
                as_completed([("a", 30), ("b", 20), ("c", 10)].map(|(name, takes)| answer(name, takes)));
            sleep(ms(5)).lane("pause").await;
            completed.next().await;
        });
        let names: Vec<_> = recording.lanes.iter().map(|lane| lane.name.as_str()).collect();
        assert_eq!(names, ["pause", "a", "b", "c"]);
        let pause = recording.lane("pause").unwrap().closed;
        assert!(recording.lanes[1..].iter().all(|lane| lane.started() >= pause));
    });
}

#[test]
fn the_futures_may_borrow() {
    everywhere(|world| {
        world.run(async {
            let greeting = String::from("hello");
            let borrowing = async { greeting.as_str() };
            assert_eq!(as_completed([borrowing]).next().await, Some((0, "hello")));
        });
    });
}

#[test]
fn a_next_that_is_dropped_loses_nothing() {
    everywhere(|world| {
        world.run(async {
            let mut completed = as_completed([answer("slow", 30), answer("quick", 10)]);
            let mut names = Vec::new();
            loop {
                match timeout(ms(3), completed.next()).await {
                    Ok(Some((_, answer))) => names.push(answer.unwrap()),
                    Ok(None) => break,
                    Err(_elapsed) => {}
                }
            }
            assert_eq!(names, ["quick", "slow"]);
        });
    });
}

#[test]
fn a_next_that_is_dropped_loses_no_task_either() {
    everywhere(|world| {
        world.run(async {
            let inputs = [("slow", 25), ("quick", 5), ("next", 60)];
            let mut completed = as_completed_at_most(TWO, inputs, |(name, takes)| answer(name, takes));
            let mut names = Vec::new();
            loop {
                match timeout(ms(3), completed.next()).await {
                    Ok(Some((_, answer))) => names.push(answer.unwrap().unwrap()),
                    Ok(None) => break,
                    Err(_elapsed) => {}
                }
            }
            assert_eq!(names, ["quick", "slow", "next"]);
        });
    });
}

#[test]
fn buffered_keeps_the_order_of_the_inputs() {
    everywhere(|world| {
        world.run(async {
            let requests = stream::iter([answer("slow", 30), answer("quick", 10)]);
            let names: Vec<_> = requests.buffered(2).map(Result::unwrap).collect().await;
            assert_eq!(names, ["slow", "quick"]);
        });
    });
}

#[test]
fn a_ready_future_does_not_wait_for_a_slow_one() {
    everywhere(|world| {
        world.run(async {
            let futures = [Either::Left(sleep(ms(10))), Either::Right(ready(()))];
            assert_eq!(as_completed(futures).next().await, Some((1, ())));
        });
    });
}

/// Handles each result as it comes; the handling has a lane of its own.
fn handle_each(world: World, naive: bool) -> Recording {
    let ((), recording) = world.record(async {
        let futures = [answer("slow", 30), answer("quick", 10)];
        let mut completed =
            if naive { naive::as_completed(futures).left_stream() } else { as_completed(futures).right_stream() };
        while let Some((index, answer)) = completed.next().await {
            async {}.lane(format!("{} handled, {index}", answer.unwrap_or_else(|name| name))).await;
        }
    });
    recording
}

#[test]
fn the_naive_one_handles_the_first_answer_only_after_the_slowest() {
    everywhere(|world| {
        let recording = handle_each(world, false);
        assert_eq!(recording.finish_order(), ["quick", "quick handled, 1", "slow", "slow handled, 0"]);
        let recording = handle_each(world, true);
        assert_eq!(recording.finish_order(), ["quick", "slow", "slow handled, 0", "quick handled, 1"]);
    });
}
