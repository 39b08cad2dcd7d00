//! What the stories show, read off the recordings.

use timeline::{Outcome, Recording};

use crate::story::room;

/// When a lane said this, in microseconds.
fn said(recording: &Recording, lane: &str, text: &str) -> u64 {
    let lane = recording.lanes.iter().find(|found| found.name == lane).unwrap();
    lane.notes.iter().find(|note| note.text == text).unwrap().at
}

#[test]
fn in_both_stories_dee_eve_and_fay_start_100_ms_apart() {
    for recording in ["story", "twin"].map(|name| room().recorded(name)) {
        let starts = ["ann", "bob", "cy", "dee", "eve", "fay"].map(|caller| said(&recording, caller, "asks"));
        assert_eq!(starts, [0, 280_000, 280_000, 380_000, 480_000, 580_000]);
    }
}

#[test]
fn in_both_stories_fay_is_refused_and_starts_at_the_time_that_she_was_told() {
    for recording in ["story", "twin"].map(|name| room().recorded(name)) {
        let refused = said(&recording, "fay", "refused, come back in 270 ms");
        assert_eq!(said(&recording, "fay", "asks"), refused + 270_000);
    }
}

#[test]
fn in_the_naive_story_five_calls_start_within_30_ms_and_two_fail() {
    let naive = room().recorded("naive");
    let starts = ["bob", "cy", "dee", "eve", "fay"].map(|caller| said(&naive, caller, "asks"));
    assert_eq!(starts, [280_000, 280_000, 310_000, 310_000, 310_000]);
    assert_eq!(naive.ended(Outcome::Failed), ["eve", "fay"]);
}

/// What both backends said of the second limit: before the backend gets slow, before it gets fast again, and at the end.
fn limits(recording: &Recording) -> Vec<u64> {
    let notes = &recording.lane("backend").unwrap().notes;
    notes.iter().filter_map(|note| note.text.rsplit_once("limit is ")?.1.parse().ok()).collect()
}

#[test]
fn in_both_stories_the_limit_falls_while_the_backend_is_slow_and_rises_again() {
    for recording in ["story", "twin"].map(|name| room().recorded(name)) {
        let limits = limits(&recording);
        assert!(limits[0] >= 8 && limits[1] <= 4 && limits[2] >= 8, "{limits:?}");
    }
}

#[test]
fn in_the_naive_story_the_limit_falls_to_1_and_12_calls_are_under_way() {
    let naive = room().recorded("naive");
    assert_eq!(limits(&naive)[1], 1);
    let level = naive.levels.iter().find(|level| level.name == "under way").unwrap();
    let fast_again = naive.lane("backend").unwrap().notes[2].at;
    let before = level.values.iter().take_while(|change| change.at <= fast_again).last().unwrap();
    assert!(before.value >= 11, "{}", before.value);
}

#[test]
fn in_the_naive_twin_awaited_requests_go_one_at_a_time_and_collected_ones_start_together() {
    let twin = room().recorded("twin-naive");
    let starts = |way: &str| ["a", "b", "c", "d"].map(|url| said(&twin, &format!("{way} {url}"), "asks") / 1_000);
    let gaps = |way: &str| starts(way).windows(2).map(|pair| pair[1] - pair[0]).collect::<Vec<_>>();
    assert_eq!(gaps("awaited"), [100; 3]);
    assert_eq!(gaps("collected"), [0; 3]);
    assert_eq!(gaps("a task"), [50; 3]);
}

#[test]
fn in_the_naive_twin_the_collected_requests_take_as_long_as_the_tasks() {
    let twin = room().recorded("twin-naive");
    let lanes =
        |way: &str| ["a", "b", "c", "d"].map(|url| twin.lane(&format!("{way} {url}")).unwrap().closed.unwrap() / 1_000);
    let [awaited, collected, tasks] = ["awaited", "collected", "a task"].map(|way| lanes(way)[3]);
    // The three loops begin 50 ms after the end of the one before.
    assert_eq!([awaited, collected - awaited - 50, tasks - collected - 50], [400, 250, 250]);
}
