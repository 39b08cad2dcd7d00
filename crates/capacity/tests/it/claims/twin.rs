//! What the stories show, read off the recordings.

use timeline::{Outcome, Recording};

use crate::story::room;

/// What a lane said last.
fn said<'a>(recording: &'a Recording, lane: &str) -> &'a str {
    &recording.lane(lane).unwrap().notes.last().unwrap().text
}

fn says(recording: &Recording, line: &str) -> bool {
    recording.notes.iter().any(|note| note.text == line)
}

#[test]
fn in_both_stories_143_are_answered_and_35_are_refused() {
    for name in ["story", "twin"] {
        let line = "143 answered, 35 refused, 0 gave up; the workers did 143";
        assert!(says(&room().recorded(name), line));
    }
}

#[test]
fn in_the_naive_stories_77_are_answered_although_the_tokio_workers_do_165() {
    let lines = [("naive", 165), ("twin-naive", 82)];
    for (name, done) in lines {
        let line = format!("77 answered, 0 refused, 101 gave up; the workers did {done}");
        assert!(says(&room().recorded(name), &line), "{name}");
    }
}

#[test]
fn in_both_stories_cy_is_refused_and_everybody_else_is_answered() {
    for recording in ["story", "twin"].map(|name| room().recorded(name)) {
        assert_eq!(said(&recording, "cy"), "is refused at once");
        for name in ["ann", "bob", "dee", "eve", "fay"] {
            assert_eq!(recording.lane(name).unwrap().outcome, Some(Outcome::Finished));
        }
    }
}

#[test]
fn in_the_story_the_queue_is_never_longer_than_8_and_in_the_naive_one_it_is() {
    assert_eq!(room().recorded("story").highest("queue"), Some(8));
    assert!(room().recorded("naive").highest("queue") > Some(40));
}

#[test]
fn in_the_naive_story_eve_and_fay_come_after_the_rush_and_still_give_up() {
    let recording = room().recorded("naive");
    let over = recording.notes.iter().find(|note| note.text == "the rush is over").unwrap().at;
    for name in ["eve", "fay"] {
        assert!(recording.lane(name).unwrap().started().unwrap() > over);
        assert_eq!(said(&recording, name), "gives up after 162 ms");
    }
}

#[test]
fn in_the_naive_twin_all_five_workers_end_with_an_invalid_state_error() {
    let recording = room().recorded("twin-naive");
    for number in 1..=5 {
        assert_eq!(said(&recording, &format!("worker {number}")), "InvalidStateError: invalid state");
    }
}

#[test]
fn in_both_stories_the_p99_wait_falls_from_179_ms_with_5_workers_to_12_ms_with_8() {
    for recording in ["story", "twin"].map(|name| room().recorded(name)) {
        assert!(says(&recording, "4 workers: 100 % busy, the queue grows and grows"));
        assert!(says(&recording, "5 workers: 80 % busy, p99 wait 179 ms, formula 161 ms"));
        assert!(says(&recording, "8 workers: 50 % busy, p99 wait 12 ms, formula 18 ms"));
    }
}
