//! Errors and panics in between.

use std::panic::AssertUnwindSafe;

use as_completed::{as_completed, as_completed_at_most};
use futures::stream::FuturesUnordered;
use futures::{FutureExt, StreamExt, TryStreamExt};
use room::everywhere;
use timeline::LaneExt;
use tokio::time::sleep;

use crate::{Answer, TWO, ms, respond};

#[test]
fn an_error_in_between_leaves_the_others_alone() {
    everywhere(|world| {
        world.run(async {
            let futures = [respond(Ok("slow"), 30), respond(Err("bad"), 10), respond(Ok("middling"), 20)];
            let answers: Vec<_> = as_completed(futures).collect().await;
            assert_eq!(answers, [(1, Err("bad")), (2, Ok("middling")), (0, Ok("slow"))]);
        });
    });
}

#[test]
fn try_next_stops_at_the_first_error_and_dropping_the_stream_cancels_the_rest() {
    everywhere(|world| {
        let (answers, recording) = world.record(async {
            let futures = [respond(Ok("slow"), 30), respond(Err("bad"), 20), respond(Ok("quick"), 10)];
            let mut completed = FuturesUnordered::from_iter(futures);
            let mut answers = Vec::new();
            loop {
                match completed.try_next().await {
                    Ok(Some(answer)) => answers.push(answer),
                    Ok(None) => return Ok(answers),
                    Err(error) => return Err((answers, error)),
                }
            }
        });
        assert_eq!(answers, Err((vec!["quick"], "bad")));
        assert_eq!(recording.cancelled(), ["slow"]);
    });
}

#[test]
fn after_an_error_from_try_next_the_stream_goes_on() {
    everywhere(|world| {
        world.run(async {
            let futures = [respond(Ok("slow"), 30), respond(Err("bad"), 20)];
            let mut completed = FuturesUnordered::from_iter(futures);
            assert_eq!(completed.try_next().await, Err("bad"));
            assert_eq!(completed.try_next().await, Ok(Some("slow")));
        });
    });
}

#[test]
fn try_collect_drops_the_results_before_the_first_error() {
    everywhere(|world| {
        world.run(async {
            let futures = [respond(Err("bad"), 20), respond(Ok("quick"), 10)];
            let all: Result<Vec<_>, _> = FuturesUnordered::from_iter(futures).try_collect().await;
            assert_eq!(all, Err("bad"));
        });
    });
}

async fn explode(name: &'static str) -> Answer {
    sleep(ms(10)).await;
    panic!("{name}")
}

#[test]
fn a_panic_in_one_future_unwinds_through_the_loop_and_drops_the_others() {
    everywhere(|world| {
        let (outcome, recording) = world.record(async {
            let futures = [respond(Ok("innocent"), 30).boxed(), explode("boom").boxed()];
            AssertUnwindSafe(as_completed(futures).collect::<Vec<_>>()).catch_unwind().await
        });
        assert!(outcome.is_err());
        assert_eq!(recording.cancelled(), ["innocent"]);
    });
}

#[test]
fn a_panic_in_a_task_is_an_error_under_its_index_and_the_others_go_on() {
    everywhere(|world| {
        world.run(async {
            let work = |takes| async move {
                sleep(ms(takes)).lane("work").await;
                assert_ne!(takes, 10, "boom");
            };
            let mut completed = as_completed_at_most(TWO, [60, 10, 11], work);
            let (index, ended) = completed.next().await.unwrap();
            assert_eq!(index, 1);
            assert!(ended.unwrap_err().is_panic());
            let others: Vec<_> = completed.map(|(index, ended)| (index, ended.is_ok())).collect().await;
            assert_eq!(others, [(2, true), (0, true)]);
        });
    });
}
