//! Results in the order in which they come.

use std::future::ready;

use as_completed::{as_completed, as_completed_at_most, naive};
use futures::future::Either;
use futures::stream::{self, FuturesUnordered};
use futures::{FutureExt, StreamExt};
use timeline::{Clock, LaneExt, Recording, record};
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep, timeout};

use crate::{TWO, answer, ms};

#[tokio::test(start_paused = true)]
async fn results_come_in_order_of_completion() {
    let completed = as_completed([answer("slow", 30), answer("quick", 10), answer("middling", 20)]);
    let names: Vec<_> = completed.map(|(_, answer)| answer.unwrap()).collect().await;
    assert_eq!(names, ["quick", "middling", "slow"]);
}

#[tokio::test(start_paused = true)]
async fn the_first_comes_after_the_shortest_delay() {
    let started = Instant::now();
    let mut completed = as_completed([answer("slow", 30), answer("quick", 10)]);
    completed.next().await;
    assert_eq!(started.elapsed(), ms(10));
}

#[tokio::test(start_paused = true)]
async fn the_last_comes_after_the_longest_delay() {
    let started = Instant::now();
    as_completed([answer("slow", 30), answer("quick", 10)]).count().await;
    assert_eq!(started.elapsed(), ms(30));
}

#[tokio::test(start_paused = true)]
async fn each_result_comes_with_its_input() {
    let inputs = [("slow", 30), ("quick", 10), ("middling", 20)];
    let mut completed = as_completed(inputs.map(|(name, takes)| answer(name, takes)));
    while let Some((index, answer)) = completed.next().await {
        assert_eq!(answer, Ok(inputs[index].0));
    }
}

#[tokio::test(start_paused = true)]
async fn a_result_may_carry_its_input_itself() {
    let url = |url: &'static str, takes| sleep(ms(takes)).map(move |()| url);
    let urls: Vec<_> = FuturesUnordered::from_iter([url("/slow", 30), url("/quick", 10)]).collect().await;
    assert_eq!(urls, ["/quick", "/slow"]);
}

#[tokio::test(start_paused = true)]
async fn a_join_set_yields_in_order_of_completion_too_and_knows_its_tasks_by_their_id() {
    let mut tasks = JoinSet::new();
    let slow = tasks.spawn(answer("slow", 30)).id();
    let quick = tasks.spawn(answer("quick", 10)).id();
    let mut order = Vec::new();
    while let Some(ended) = tasks.join_next_with_id().await {
        order.push(ended.unwrap().0);
    }
    assert_eq!(order, [quick, slow]);
}

#[tokio::test(start_paused = true)]
async fn nothing_in_nothing_out() {
    let nothing: [std::future::Ready<()>; 0] = [];
    assert_eq!(as_completed(nothing.clone()).count().await, 0);
    assert_eq!(as_completed_at_most(TWO, nothing, |future| future).count().await, 0);
}

#[test]
fn nothing_starts_before_the_first_result_is_asked_for_and_then_all_in_order() {
    let ((), recording) = record(Clock::Virtual, async {
        let mut completed = as_completed([("a", 30), ("b", 20), ("c", 10)].map(|(name, takes)| answer(name, takes)));
        sleep(ms(5)).await;
        completed.next().await;
    });
    let started: Vec<_> = recording.lanes.iter().map(|lane| (lane.name.as_str(), lane.started())).collect();
    assert_eq!(started, [("a", Some(5_000)), ("b", Some(5_000)), ("c", Some(5_000))]);
}

#[tokio::test(start_paused = true)]
async fn the_futures_may_borrow() {
    let greeting = String::from("hello");
    let borrowing = async { greeting.as_str() };
    assert_eq!(as_completed([borrowing]).next().await, Some((0, "hello")));
}

#[tokio::test(start_paused = true)]
async fn a_next_that_is_dropped_loses_nothing() {
    let mut completed = as_completed([answer("slow", 30), answer("quick", 10)]);
    let mut names = Vec::new();
    for _ in 0..20 {
        if let Ok(Some((_, answer))) = timeout(ms(3), completed.next()).await {
            names.push(answer.unwrap());
        }
    }
    assert_eq!(names, ["quick", "slow"]);
}

#[tokio::test(start_paused = true)]
async fn a_next_that_is_dropped_loses_no_task_either() {
    let inputs = [("slow", 30), ("quick", 10), ("next", 25)];
    let mut completed = as_completed_at_most(TWO, inputs, |(name, takes)| answer(name, takes));
    let mut names = Vec::new();
    for _ in 0..20 {
        if let Ok(Some((_, answer))) = timeout(ms(3), completed.next()).await {
            names.push(answer.unwrap().unwrap());
        }
    }
    assert_eq!(names, ["quick", "slow", "next"]);
}

#[tokio::test(start_paused = true)]
async fn buffered_keeps_the_order_of_the_inputs() {
    let requests = stream::iter([answer("slow", 30), answer("quick", 10)]);
    let names: Vec<_> = requests.buffered(2).map(Result::unwrap).collect().await;
    assert_eq!(names, ["slow", "quick"]);
}

#[tokio::test(start_paused = true)]
async fn a_ready_future_does_not_wait_for_a_slow_one() {
    let futures = [Either::Left(sleep(ms(10))), Either::Right(ready(()))];
    assert_eq!(as_completed(futures).next().await, Some((1, ())));
}

/// Handles each result as it comes; the handling has a lane of its own.
fn handle_each(naive: bool) -> Recording {
    let ((), recording) = record(Clock::Virtual, async {
        let futures = [answer("slow", 30), answer("quick", 10)];
        let mut completed =
            if naive { naive::as_completed(futures).left_stream() } else { as_completed(futures).right_stream() };
        while let Some((_, answer)) = completed.next().await {
            async {}.lane(format!("{} handled", answer.unwrap_or_else(|name| name))).await;
        }
    });
    recording
}

#[test]
fn the_naive_one_handles_the_first_answer_only_after_the_slowest() {
    let recording = handle_each(false);
    assert_eq!(recording.finish_order(), ["quick", "quick handled", "slow", "slow handled"]);
    let recording = handle_each(true);
    assert_eq!(recording.finish_order(), ["quick", "slow", "slow handled", "quick handled"]);
}
