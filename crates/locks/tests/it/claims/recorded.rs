//! What the stories show, read off the recordings.

use timeline::{Outcome, Recording};

use crate::story::room;

/// When a lane said this.
fn said(recording: &Recording, lane: &str, text: &str) -> u64 {
    let notes = &recording.lane(lane).unwrap().notes;
    notes.iter().find(|note| note.text == text).unwrap_or_else(|| panic!("{lane} never said {text}")).at
}

#[test]
fn in_both_stories_the_client_that_gave_up_is_served_after_the_one_that_came_later() {
    for recording in ["story", "twin"].map(|name| room().recorded(name)) {
        let gave_up = said(&recording, "client 2", "gave up, asking anew");
        assert!(gave_up < said(&recording, "client 1", "done"));
        assert!(said(&recording, "client 3", "done") <= said(&recording, "client 2", "connected"));
    }
}

#[test]
fn with_more_patience_the_clients_are_served_in_the_order_in_which_they_came() {
    for name in ["story", "twin"] {
        let recording = room().recorded(&format!("knobs/patience/1000/{name}"));
        assert_eq!(recording.finish_order()[1..4], ["client 1", "client 2", "client 3"]);
    }
}

#[test]
fn in_both_stories_the_save_goes_on_when_its_caller_has_given_up() {
    for recording in ["story", "twin"].map(|name| room().recorded(name)) {
        assert!(said(&recording, "caller", "gave up") < said(&recording, "save", "second half written"));
        assert_eq!(recording.lane("save").unwrap().outcome, Some(Outcome::Finished));
        said(&recording, "caller", "2 of 2 halves written");
    }
}

#[test]
fn the_naive_status_waits_the_naive_merges_deadlock_and_the_naive_page_is_half_written() {
    let (right, naive) = (room().recorded("story"), room().recorded("naive"));
    let lasted = |recording: &Recording| recording.lane("status").unwrap().lasted().unwrap();
    assert!(lasted(&naive) > 6 * lasted(&right));
    assert_eq!(naive.cancelled(), ["a into b", "b into a", "save"]);
    assert_eq!(right.cancelled(), [""; 0]);
    said(&naive, "caller", "1 of 2 halves written");
}
