//! What the stories show, read off the recordings.

use super::*;
use crate::story::room;

/// What a lane said.
fn said(recording: &timeline::Recording, lane: &str) -> Vec<String> {
    recording.lane(lane).unwrap().notes.iter().map(|note| note.text.clone()).collect()
}

#[test]
fn in_both_stories_six_callers_make_three_calls() {
    for recording in ["story", "twin"].map(|name| room().recorded(name)) {
        let calls = ["call 1", "call 2", "call 3"].map(|call| said(&recording, call)[0].clone());
        assert_eq!(calls, ["asks for 7, 3", "asks for 5", "asks for 8"]);
        assert!(recording.lane("call 4").is_none());
    }
}

#[test]
fn in_both_stories_dee_starts_the_second_call_when_her_patience_ends() {
    for recording in ["story", "twin"].map(|name| room().recorded(name)) {
        let (dee, call) = (recording.lane("dee").unwrap(), recording.lane("call 2").unwrap());
        assert_eq!(call.opened - dee.opened, 250_000);
        assert!(call.opened < recording.lane("call 1").unwrap().closed.unwrap());
    }
}

#[test]
fn in_both_stories_the_last_call_starts_when_fay_comes() {
    for recording in ["story", "twin"].map(|name| room().recorded(name)) {
        assert_eq!(recording.lane("fay").unwrap().opened, recording.lane("call 3").unwrap().opened);
    }
}

#[test]
fn in_both_stories_eve_leaves_and_is_not_asked_for() {
    for recording in ["story", "twin"].map(|name| room().recorded(name)) {
        assert_eq!(recording.cancelled(), ["eve"]);
        assert!(!said(&recording, "call 2")[0].contains('4'));
    }
}

#[test]
fn in_the_naive_story_ann_gets_the_record_of_bob_and_cy_gets_none() {
    let naive = room().recorded("naive");
    assert_eq!(said(&naive, "ann"), ["wants 7", "got record 3"]);
    assert_eq!(naive.ended(Outcome::Failed), ["cy"]);
}

#[test]
fn in_the_naive_story_dee_waits_for_call_1_and_for_two_more_callers() {
    let naive = room().recorded("naive");
    assert!(naive.lane("call 2").unwrap().opened > naive.lane("call 1").unwrap().closed.unwrap());
    assert_eq!(naive.lane("call 2").unwrap().opened, naive.lane("fay").unwrap().opened);
}
