//! What asyncio does differently, and what the naive story shows, read off the recordings.

use timeline::{Outcome, Recording};

use crate::story::room;

/// How long this lane was open, in milliseconds.
fn lasted(recording: &Recording, lane: &str) -> u64 {
    recording.lane(lane).unwrap().lasted().unwrap() / 1_000
}

#[test]
fn asyncio_wait_for_waits_for_the_clean_up() {
    let (tokio, asyncio) = (room().recorded("story"), room().recorded("twin"));
    assert_eq!((lasted(&tokio, "request"), lasted(&asyncio, "request")), (600, 800));
    let last_words = |recording: &Recording| recording.lane("call").unwrap().notes.last().unwrap().text.clone();
    assert_eq!((last_words(&tokio).as_str(), last_words(&asyncio).as_str()), ("hanging up", "hung up"));
}

#[test]
fn asyncio_wait_for_stops_a_task_as_finish_or_stop_does() {
    for recording in ["story", "twin"].map(|name| room().recorded(name)) {
        assert!(recording.cancelled().contains(&"report"));
        assert_eq!(lasted(&recording, "report"), 600);
    }
}

#[test]
fn the_naive_attempts_and_the_naive_loop_take_longer_than_the_limit() {
    let (right, naive) = (room().recorded("story"), room().recorded("naive"));
    for lane in ["attempts", "loop"] {
        assert_eq!(lasted(&right, lane), 600);
        assert!(lasted(&naive, lane) > 1_200, "{lane}");
    }
    assert!(naive.total() > right.total());
}

#[test]
fn the_naive_report_is_written_when_nobody_waits_for_it() {
    let (right, naive) = (room().recorded("story"), room().recorded("naive"));
    assert!(right.cancelled().contains(&"report"));
    assert!(!naive.cancelled().contains(&"report"));
    assert!(naive.lane("report").unwrap().closed > naive.lane("task").unwrap().closed);
}

#[test]
fn asyncio_times_out_if_the_result_comes_at_the_same_instant() {
    let (tokio, asyncio) = (room().recorded("story"), room().recorded("twin"));
    for sleeper in ["sleeper 1", "sleeper 2"] {
        assert!(tokio.finish_order().contains(&sleeper), "{sleeper}");
        assert!(asyncio.cancelled().contains(&sleeper), "{sleeper}");
        assert_eq!((lasted(&tokio, sleeper), lasted(&asyncio, sleeper)), (600, 600));
    }
}

#[test]
fn asyncio_wait_for_of_zero_never_starts_the_coroutine() {
    let (tokio, asyncio) = (room().recorded("story"), room().recorded("twin"));
    assert!(tokio.finish_order().contains(&"ready"));
    assert_eq!(asyncio.never_started(), ["ready"]);
}

#[test]
fn asyncio_timeout_of_zero_starts_its_body() {
    for recording in ["story", "twin"].map(|name| room().recorded(name)) {
        let hanging = recording.lane("hanging").unwrap();
        assert_eq!((hanging.notes.len(), hanging.outcome), (1, Some(Outcome::Cancelled)));
    }
}
