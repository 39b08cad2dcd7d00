//! What the pictures of the chapter show, in both languages.

use timeline::{Outcome, Recording};

use crate::story::room;

fn outcome(recording: &Recording, lane: &str) -> Option<Outcome> {
    recording.lane(lane).unwrap().outcome
}

fn said(recording: &Recording, lane: &str) -> Vec<String> {
    recording.lane(lane).unwrap().notes.iter().map(|note| note.text.clone()).collect()
}

#[test]
fn in_both_stories_the_full_disk_is_an_error_and_in_the_naive_one_it_is_not() {
    for name in ["story", "twin"] {
        assert_eq!(outcome(&room().recorded(name), "full disk"), Some(Outcome::Failed), "{name}");
    }
    assert_eq!(outcome(&room().recorded("naive"), "full disk"), Some(Outcome::Finished));
}

#[test]
fn in_both_stories_errors_is_polled_at_each_trip_and_in_the_naive_one_it_is_polled_once() {
    for name in ["story", "twin"] {
        assert!(room().recorded(name).polls("errors") > 100, "{name}");
    }
    assert_eq!(room().recorded("naive").polls("errors"), 1);
}

#[test]
fn larger_pieces_make_fewer_trips() {
    let [small, middle, large] = ["knobs/piece/1024/story", "story", "knobs/piece/65536/story"]
        .map(|name| room().recorded(name).polls("errors"));
    assert!(small > middle && middle > large, "{small}, {middle}, {large}");
}

#[test]
fn in_both_stories_a_line_is_read_when_it_has_its_end_and_in_the_naive_one_half_a_line_counts() {
    for name in ["story", "twin"] {
        assert_eq!(said(&room().recorded(name), "follow"), [r#"reads "tea is ready""#, r#"reads "cake is not""#]);
    }
    assert_eq!(said(&room().recorded("naive"), "follow").len(), 4);
}
