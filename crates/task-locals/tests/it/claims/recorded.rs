//! What the pictures show, read off the recordings.

use timeline::Recording;

use crate::story::room;

/// The lines of this lane, in order.
fn lines(recording: &Recording, lane: &str) -> Vec<String> {
    recording.lane(lane).unwrap().notes.iter().map(|note| note.text.clone()).collect()
}

/// The ids that are written in this lane, each once, in order.
fn ids(recording: &Recording, lane: &str) -> Vec<String> {
    let mut ids: Vec<_> =
        lines(recording, lane).iter().map(|line| line.split_once(']').unwrap().0[1..].to_owned()).collect();
    ids.sort_unstable();
    ids.dedup();
    ids
}

#[test]
fn every_line_of_the_story_and_of_its_twin_has_the_id_of_its_request() {
    for recording in ["story", "twin"].map(|name| room().recorded(name)) {
        for (lane, expected) in [
            ("request 7", vec!["7", "70"]),
            ("request 8", vec!["8", "80"]),
            ("mail 7", vec!["7"]),
            ("mail 8", vec!["8"]),
            ("no request", vec!["-"]),
        ] {
            assert_eq!(ids(&recording, lane), expected, "{lane}");
        }
        assert_eq!(recording.cancelled(), ["request 7"]);
        assert_eq!(lines(&recording, "request 7").last().unwrap(), "[7] puts the connection back");
    }
}

#[test]
fn in_the_naive_story_request_7_has_the_id_8_and_the_last_line_has_the_id_of_a_request_that_is_over() {
    let naive = room().recorded("naive");
    assert_eq!(lines(&naive, "request 7")[1], "[8] has the rows");
    assert_eq!(lines(&naive, "mail 8"), ["[7] sends a mail"]);
    assert_eq!(lines(&naive, "no request"), ["[7] all is quiet"]);
}
