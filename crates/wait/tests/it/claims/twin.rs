//! What asyncio does differently, and what the naive story shows, read off the recordings in the chapter.

use timeline::{Lane, Outcome, Recording};

use crate::story::room;

fn lane<'a>(recording: &'a Recording, name: &str) -> &'a Lane {
    recording.lane(name).unwrap_or_else(|| panic!("no lane {name}"))
}

fn said(recording: &Recording, text: &str) -> bool {
    recording.lanes.iter().flat_map(|lane| &lane.notes).any(|note| note.text == text)
}

#[test]
fn asyncio_leaves_the_pending_tasks_running() {
    let (tokio, asyncio) = (room().recorded("story"), room().recorded("twin"));
    assert_eq!(lane(&tokio, "ads").outcome, Some(Outcome::Cancelled));
    assert_eq!(lane(&asyncio, "ads").outcome, Some(Outcome::Finished));
    assert!(lane(&asyncio, "ads").closed > lane(&asyncio, "dashboard").closed);
}

#[test]
fn asyncio_wait_refuses_an_empty_set() {
    assert!(said(&room().recorded("twin"), "waited for nobody: ValueError"));
    assert!(said(&room().recorded("story"), "waited for nobody: 0 done (0 failed), 0 pending"));
}

#[test]
fn asyncio_gives_a_new_task_a_turn_before_a_zero_timeout() {
    assert_eq!(lane(&room().recorded("twin"), "errand").outcome, Some(Outcome::Finished));
    assert_eq!(lane(&room().recorded("story"), "errand").outcome, Some(Outcome::NeverStarted));
}

#[test]
fn neither_wait_raises_the_failure_of_a_task() {
    for version in ["story", "twin"] {
        assert!(said(&room().recorded(version), "time is up: 2 done (1 failed), 2 pending"));
    }
}

#[test]
fn asyncio_tasks_survive_a_timeout_around_their_wait() {
    assert_eq!(lane(&room().recorded("twin-naive"), "prices").outcome, Some(Outcome::Finished));
    assert_eq!(lane(&room().recorded("naive"), "prices").outcome, Some(Outcome::Cancelled));
}

#[test]
fn in_asyncio_a_failure_can_be_the_first_completed_too_and_leaves_the_others_running() {
    for version in ["naive", "twin-naive"] {
        assert!(said(&room().recorded(version), "not found: east failed"));
    }
    assert_eq!(lane(&room().recorded("naive"), "north").outcome, Some(Outcome::Cancelled));
    assert_eq!(lane(&room().recorded("twin-naive"), "north").outcome, Some(Outcome::Finished));
}

#[test]
fn an_asyncio_task_goes_on_by_itself_so_there_is_no_futurelock() {
    assert_eq!(room().recorded("naive").never_ended(), ["with_notice", "save", "notice"]);
    assert_eq!(room().recorded("twin-naive").never_ended(), Vec::<&str>::new());
}

#[test]
fn the_naive_story_cancels_what_the_right_one_lets_finish() {
    let (right, naive) = (room().recorded("story"), room().recorded("naive"));
    assert_eq!(right.cancelled(), ["ads", "north"]);
    assert_eq!(naive.cancelled(), ["prices", "ads", "north"]);
    assert_eq!(right.never_ended(), Vec::<&str>::new());
}
