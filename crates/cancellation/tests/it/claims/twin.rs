//! What asyncio does differently, and what the naive story shows, read off the recordings.

use super::*;
use crate::story::room;

fn outcome(recording: &Recording, lane: &str) -> Option<Outcome> {
    recording.lane(lane).unwrap().outcome
}

#[test]
fn asyncio_throws_into_a_worker_where_a_token_lets_it_return() {
    let (tokio, asyncio) = (room().recorded("story"), room().recorded("twin"));
    for worker in ["first", "second", "third"] {
        assert_eq!(outcome(&tokio, worker), Some(Outcome::Finished));
        assert_eq!(outcome(&asyncio, worker), Some(Outcome::Cancelled));
        assert_eq!(notes(&tokio, worker), notes(&asyncio, worker), "what they had done by then");
    }
}

#[test]
fn asyncio_lets_a_task_swallow_its_cancellation() {
    let (tokio, asyncio) = (room().recorded("story"), room().recorded("twin"));
    assert_eq!(outcome(&tokio, "deaf"), Some(Outcome::Cancelled));
    assert_eq!(asyncio.never_ended(), ["deaf"]);
    assert_eq!(notes(&asyncio, "deaf"), [(1_050, "not now")]);
}

#[test]
fn asyncio_cancels_a_task_that_finishes_first() {
    let (tokio, asyncio) = (room().recorded("story"), room().recorded("twin"));
    for recording in [&tokio, &asyncio] {
        assert_eq!(outcome(recording, "aborts itself"), Some(Outcome::Finished));
    }
    assert_eq!(notes(&tokio, "abort"), [(2_250, "cancelled, finished")]);
    assert_eq!(notes(&asyncio, "abort"), [(2_250, "cancelled, cancelled")]);
}

#[test]
fn asyncio_too_never_starts_a_task_cancelled_before_its_first_step() {
    for recording in ["story", "twin"].map(|name| room().recorded(name)) {
        assert_eq!(recording.never_started(), ["aborted early"]);
    }
}

#[test]
fn asyncio_shield_and_a_task_of_its_own_both_let_the_save_finish() {
    for recording in ["story", "twin"].map(|name| room().recorded(name)) {
        assert_eq!(outcome(&recording, "save"), Some(Outcome::Finished));
        assert!(recording.lane("save").unwrap().closed > recording.lane("customer").unwrap().closed);
    }
}

#[test]
fn the_naive_story_cancels_what_should_finish_and_leaks_what_should_end() {
    let (right, naive) = (room().recorded("story"), room().recorded("naive"));
    assert_eq!((right.cancelled(), right.never_ended()), (vec!["deaf"], vec![]));
    assert_eq!((naive.cancelled(), naive.never_ended()), (vec!["order 3", "save"], vec!["deaf"]));
    assert_eq!(outcome(&right, "reader"), Some(Outcome::Finished));
    assert_eq!(outcome(&naive, "reader"), Some(Outcome::Failed));
}
