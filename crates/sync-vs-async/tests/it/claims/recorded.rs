//! What the pictures of the chapter show, in both languages.

use timeline::{Lane, Recording};

use crate::story::room;

/// How many of the lanes below this one ran at once at most.
fn peak_below(recording: &Recording, parent: &str) -> usize {
    let parent = recording.lanes.iter().position(|lane| lane.name == parent);
    assert!(parent.is_some());
    recording.peak_where(|lane| lane.parent == parent)
}

#[test]
fn both_languages_wait_one_by_one_or_together_alike() {
    for language in ["story", "twin"] {
        let recording = room().recorded(language);
        let peaks = ["blocking", "one by one", "together", "on threads"].map(|act| peak_below(&recording, act));
        assert_eq!(peaks, [1, 1, 2, 2], "{language}");
    }
}

#[test]
fn the_naive_stories_have_a_peak_of_one_where_the_right_one_has_two() {
    assert_eq!(peak_below(&room().recorded("story"), "together"), 2);
    for language in ["naive", "twin-naive"] {
        let recording = room().recorded(language);
        // In asyncio each is a task, and starts in its turn; so it is in Tokio's joined future.
        assert_eq!(peak_below(&recording, "together"), 1, "{language}");
        assert_eq!(peak_below(&recording, "in a loop"), 1, "{language}");
    }
}

#[test]
fn in_both_languages_a_computing_task_holds_up_the_other() {
    for language in ["story", "twin"] {
        let recording = room().recorded(language);
        let (first, second) = (recording.lane("first").unwrap(), recording.lane("second").unwrap());
        assert!(second.opened < first.closed.unwrap(), "{language}: it was there");
        assert!(second.started() >= first.closed, "{language}: it had to wait");
        assert_eq!([first, second].map(Lane::poll_count), [1, 1], "{language}");
    }
}
