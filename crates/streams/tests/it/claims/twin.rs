//! What asyncio does differently, and what the naive story shows, read off the recordings.

use timeline::Recording;

use crate::story::room;

/// How long this lane was open, in milliseconds.
fn lasted(recording: &Recording, lane: &str) -> u64 {
    recording.lane(lane).unwrap().lasted().unwrap() / 1_000
}

/// What a lane said, in order.
fn said(recording: &Recording, lane: &str) -> Vec<String> {
    recording.lane(lane).unwrap().notes.iter().map(|note| note.text.clone()).collect()
}

#[test]
fn asyncio_closes_a_generator_without_a_name_after_the_code_that_follows_the_loop() {
    let [tokio, asyncio] = ["story", "twin"].map(|name| said(&room().recorded(name), "one by one"));
    assert_eq!(tokio[3..], ["connection closed", "found", "noted"]);
    assert_eq!(asyncio[3..], ["found", "connection closed", "noted"]);
}

#[test]
fn in_both_the_third_page_is_the_last_that_is_fetched_one_by_one() {
    for recording in ["story", "twin"].map(|name| room().recorded(name)) {
        let one_by_one = recording.lane("one by one").unwrap().closed;
        let before = |lane: &&timeline::Lane| lane.name.starts_with("page") && lane.closed < one_by_one;
        assert_eq!(recording.lanes.iter().filter(before).count(), 3);
    }
}

#[test]
fn in_both_leaving_early_cancels_the_page_that_is_fetched_ahead() {
    for recording in ["story", "twin"].map(|name| room().recorded(name)) {
        assert_eq!(recording.cancelled(), ["ahead 5"]);
    }
}

#[test]
fn in_both_fetching_ahead_saves_the_time_of_two_pages() {
    for recording in ["story", "twin"].map(|name| room().recorded(name)) {
        let page = lasted(&recording, "page 1");
        assert_eq!(lasted(&recording, "one by one"), lasted(&recording, "ahead") + 2 * page);
    }
}

#[test]
fn in_both_a_stream_that_is_kept_keeps_its_connection() {
    for recording in ["story", "twin"].map(|name| room().recorded(name)) {
        assert_eq!(said(&recording, "kept"), ["read [1, 2]", "did something else", "read [3, 4]", "connection closed"]);
    }
}

#[test]
fn the_naive_story_fetches_all_five_pages_twice() {
    let naive = room().recorded("naive");
    for name in ["page ", "ahead "] {
        assert_eq!(naive.lanes.iter().filter(|lane| lane.name.starts_with(name)).count(), 5);
    }
    assert_eq!(naive.cancelled(), [""; 0]);
    let first = |recording: &Recording| {
        recording.lane("one by one").unwrap().notes.iter().find(|note| note.text.starts_with("read")).unwrap().at
    };
    assert!(first(&naive) > 2 * first(&room().recorded("story")));
}
