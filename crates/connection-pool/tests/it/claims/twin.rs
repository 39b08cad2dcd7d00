//! What the stories show, read off the recordings.

use timeline::{Outcome, Recording};

use crate::story::room;

/// What a lane said.
fn said(recording: &Recording, lane: &str) -> Vec<String> {
    recording.lane(lane).unwrap().notes.iter().map(|note| note.text.clone()).collect()
}

fn both() -> [Recording; 2] {
    ["story", "twin"].map(|name| room().recorded(name))
}

/// How many connections were made.
fn made(recording: &Recording) -> usize {
    recording.lanes.iter().flat_map(|lane| &lane.notes).filter(|note| note.text.starts_with("makes")).count()
}

#[test]
fn in_both_stories_a_broken_connection_and_that_of_a_cancelled_query_are_replaced() {
    for recording in both() {
        assert_eq!(made(&recording), 4);
        assert_eq!(said(&recording, "cy")[1], "makes connection 3");
        assert_eq!(said(&recording, "eve")[1], "makes connection 4");
        let when = |lane: &str| recording.lane(lane).unwrap().notes[1].at;
        assert_eq!(when("cy"), recording.lane("bob").unwrap().closed.unwrap());
        assert_eq!(when("eve"), recording.lane("dee").unwrap().closed.unwrap());
        assert_eq!(recording.cancelled(), ["dee"]);
    }
}

#[test]
fn in_both_stories_dee_gets_the_connection_of_ann_and_fay_that_of_cy() {
    for recording in both() {
        assert_eq!(said(&recording, "dee")[1], "has connection 1");
        assert_eq!(said(&recording, "fay")[1], "has connection 3");
    }
}

#[test]
fn in_both_stories_close_refuses_gil_and_waits_for_fay() {
    for recording in both() {
        assert_eq!(said(&recording, "gil")[1], "gets none: the pool is closed");
        let closed = |lane: &str| recording.lane(lane).unwrap().closed.unwrap();
        assert_eq!(closed("gil"), recording.lane("close").unwrap().opened);
        assert_eq!(closed("close"), closed("fay"));
        assert!(closed("eve") < closed("fay"));
    }
}

#[test]
fn in_the_story_two_connections_are_lent_at_most() {
    assert_eq!(room().recorded("story").highest("lent"), Some(2));
}

#[test]
fn in_the_naive_story_five_connections_are_lent_and_fay_gets_the_broken_one() {
    let naive = room().recorded("naive");
    assert_eq!(naive.highest("lent"), Some(5));
    assert_eq!(said(&naive, "fay")[2], "failed: connection 2 is broken");
    assert_eq!(naive.ended(Outcome::Failed), ["bob", "fay"]);
    assert!(naive.lane("close").unwrap().closed < naive.lane("gil").unwrap().closed);
}

#[test]
fn in_the_naive_twin_seven_callers_make_seven_connections() {
    assert_eq!(made(&room().recorded("twin-naive")), 7);
}
