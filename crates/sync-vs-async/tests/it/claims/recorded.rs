//! What the pictures of the chapter show, in both languages.

use std::ops::Range;

use timeline::{LONG_POLL, Micros};

use super::*;
use crate::story::room;

/// How many of the lanes below this one ran at once at most.
fn peak_below(recording: &Recording, parent: &str) -> usize {
    let parent = recording.lanes.iter().position(|lane| lane.name == parent);
    assert!(parent.is_some());
    recording.peak_where(|lane| lane.parent == parent)
}

/// How many of the lanes with these names, below no other lane, ran at once at most.
fn peak_of(recording: &Recording, names: [&str; 2]) -> usize {
    recording.peak_where(|lane| lane.parent.is_none() && names.contains(&lane.name.as_str()))
}

#[test]
fn in_both_languages_requests_overlap_only_together_or_on_threads() {
    for language in ["story", "twin"] {
        let recording = room().recorded(language);
        assert_eq!(peak_of(&recording, ["users", "orders"]), 1, "{language}, blocking");
        let peaks = ["one by one", "together", "on threads"].map(|group| peak_below(&recording, group));
        assert_eq!(peaks, [1, 2, 2], "{language}");
    }
}

#[test]
fn the_naive_stories_never_wait_for_two_at_the_same_time() {
    assert_eq!(peak_below(&room().recorded("story"), "together"), 2);
    for language in ["naive", "twin-naive"] {
        let recording = room().recorded(language);
        // In asyncio each is a task, and starts in its turn. Tokio's joined future polls them in their turn, too.
        assert_eq!(peak_of(&recording, ["users", "orders"]), 1, "{language}");
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

#[test]
fn the_pictures_show_each_kept_thread_as_a_broad_bar() {
    for language in ["story", "naive", "twin", "twin-naive"] {
        let recording = room().recorded(language);
        for lane in &recording.lanes {
            let long = lane.polls.iter().filter(|poll| poll.until - poll.at > LONG_POLL);
            // A poll is drawn as a broad bar if the lane itself ran for most of it, and not only lanes nested in it.
            assert!(
                long.into_iter().all(|poll| poll.longest > (poll.until - poll.at) / 2),
                "{language}: {}",
                lane.name
            );
        }
    }
}

/// What the chapter says that `users` takes, and `orders`. The recorded times may be up to 20 ms longer.
const CHAPTER: [(&str, Micros); 2] = [("users", 356_000), ("orders", 166_000)];

#[test]
fn the_pictures_show_the_times_that_the_chapter_names() {
    let chapter = include_str!("../../../README.md");
    let about = |time: Micros| -> Range<Micros> { time..time + 20_000 };
    let sum = CHAPTER.iter().map(|(_, takes)| takes).sum::<Micros>();
    for language in ["story", "naive", "twin", "twin-naive"] {
        let recording = room().recorded(language);
        for (service, takes) in CHAPTER {
            assert!(chapter.contains(&format!("`{service}` takes {} milliseconds", takes / 1_000)), "{service}");
            for lane in recording.named(service) {
                let took = lane.lasted().unwrap();
                assert!(
                    about(takes).contains(&took),
                    "{language}: {service} took {took} µs: record it while nothing else runs"
                );
            }
        }
        let groups =
            [("one by one", sum), ("in a loop", sum), ("together", CHAPTER[0].1), ("on threads", CHAPTER[0].1)];
        for (lane, takes) in groups.iter().filter_map(|(group, takes)| Some((recording.lane(group)?, *takes))) {
            assert!(about(takes).contains(&lane.lasted().unwrap()), "{language}: {lane:?}");
        }
    }
    assert!(chapter.contains(&format!(". {} milliseconds\n", sum / 1_000)), "the right answer");
}

#[test]
fn the_link_to_the_second_group_leads_to_its_end() {
    let chapter = include_str!("../../../README.md");
    let link = chapter.split_once("[the second group](recorded/story.svg#t=").unwrap().1;
    let seconds: f64 = link.split_once(')').unwrap().0.parse().unwrap();
    let moment = Duration::from_secs_f64(seconds).as_micros();
    let recording = room().recorded("story");
    let group = recording.lane("one by one").unwrap();
    // At its end the player shows how long the group took. A moment later, the next group has no answer yet.
    let end = u128::from(group.closed.unwrap());
    assert!((end..end + 50_000).contains(&moment), "{group:?}");
}
