//! What the pictures show, read off the recordings.

use timeline::{Outcome, Recording};

use crate::story::room;

/// When this lane started, in milliseconds.
fn started(recording: &Recording, lane: &str) -> Option<u64> {
    recording.lane(lane).unwrap().started().map(|at| at / 1_000)
}

#[test]
fn each_letter_leaves_when_it_is_first_polled_and_one_is_never_polled() {
    for recording in ["story", "twin"].map(|name| room().recorded(name)) {
        let letters = ["Ada", "Bob", "Cyd"].map(|name| format!("letter to {name}"));
        assert_eq!(letters.each_ref().map(|lane| recording.lane(lane).unwrap().opened), [0; 3]);
        assert_eq!(letters.each_ref().map(|lane| started(&recording, lane)), [Some(450), Some(300), None]);
        assert_eq!(recording.never_started(), ["letter to Cyd"]);
    }
}

#[test]
fn the_naive_letter_to_bob_never_starts() {
    let naive = room().recorded("naive");
    assert_eq!(naive.never_started(), ["letter to Bob", "letter to Cyd"]);
}

#[test]
fn the_reader_is_woken_by_the_postman_and_the_naive_one_by_a_timer() {
    let (right, naive) = (room().recorded("story"), room().recorded("naive"));
    let read_at = |recording: &Recording| recording.lane("reader").unwrap().closed;
    let delivered_at = |recording: &Recording| recording.lane("postman").unwrap().closed;
    assert_eq!(read_at(&right), delivered_at(&right));
    assert_eq!(right.woken_by("reader"), ["postman"]);
    assert_eq!(naive.woken_by("reader"), ["the runtime"]);
    assert_eq!(naive.lane("reader").unwrap().outcome, Some(Outcome::Finished));
    assert_eq!(naive.lane("reader").unwrap().lasted(), Some(1_200_000));
    assert!(read_at(&naive) > delivered_at(&naive));
}
