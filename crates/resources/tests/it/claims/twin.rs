//! What the stories show, read off the recordings.

use super::*;
use crate::story::room;

/// The lanes that said this in a story, in order of time.
fn said(story: &str, text: &str) -> Vec<String> {
    let recording = room().recorded(story);
    let mut notes: Vec<_> = recording
        .lanes
        .iter()
        .flat_map(|lane| lane.notes.iter().map(|note| (note.at, lane.name.clone(), &note.text)))
        .filter(|(_, _, said)| *said == text)
        .collect();
    notes.sort_by_key(|(at, ..)| *at);
    notes.into_iter().map(|(_, name, _)| name).collect()
}

#[test]
fn in_both_stories_every_connection_is_closed_and_the_last_one_first() {
    for story in ["story", "twin"] {
        assert_eq!(said(story, "closed"), ["database", "queue", "cache", "database"]);
        assert_eq!(said(story, "lost its client").len(), 0);
    }
}

#[test]
fn in_the_naive_story_every_connection_loses_its_client() {
    assert_eq!(said("naive", "closed").len(), 0);
    assert_eq!(said("naive", "lost its client"), ["database", "database", "cache", "queue"]);
}

#[test]
fn asyncio_the_cancelled_job_goes_on_until_all_is_closed_and_in_tokio_it_ends_at_once() {
    let last_close = |story| room().recorded(story).named("database").filter_map(|lane| lane.closed).max().unwrap();
    let job_ends = |story| room().recorded(story).lane("import").unwrap().closed.unwrap();
    for story in ["story", "twin"] {
        assert_eq!(room().recorded(story).lane("import").unwrap().outcome, Some(Outcome::Cancelled));
    }
    assert_eq!(job_ends("twin"), last_close("twin"));
    assert!(job_ends("story") < last_close("story"));
}
