//! What the stories show, read off the recordings.

use super::*;
use crate::story::room;

/// How often a lane, or none, said this in a story.
fn said(story: &str, lane: &str, text: &str) -> usize {
    let recording = room().recorded(story);
    let notes = recording.named(lane).flat_map(|lane| &lane.notes);
    notes.filter(|note| note.text == text).count()
}

#[test]
fn in_both_stories_only_the_busy_service_is_asked_again() {
    for story in ["story", "twin"] {
        assert_eq!((said(story, "prices", "asking"), said(story, "stock", "asking")), (3, 1));
    }
}

#[test]
fn in_both_stories_every_end_is_told() {
    for story in ["story", "twin"] {
        for end in ["prices done: 42 prices", "stock failed: no table stock", "backup cancelled"] {
            assert_eq!(said(story, "night", end), 1, "{story}: {end}");
        }
        assert_eq!(said(story, "night", "the journal is lost: broken pipe"), 1);
    }
    assert_eq!(said("story", "night", "totals has a bug: panicked: 0 figures"), 1);
}

#[test]
fn in_the_naive_story_a_job_that_failed_counts_as_done() {
    assert_eq!(room().recorded("naive").ended(Outcome::Failed), ["stock"]);
    assert_eq!((said("naive", "stock", "asking"), said("naive", "night", "stock done")), (3, 1));
    assert_eq!((said("naive", "night", "totals failed"), said("naive", "night", "backup failed")), (1, 1));
    assert_eq!(room().recorded("naive").lane("journal").unwrap().outcome, Some(Outcome::Finished));
}

#[test]
fn asyncio_a_bug_is_an_exception_like_any_other() {
    assert_eq!(room().recorded("story").ended(Outcome::Panicked), ["totals"]);
    assert!(room().recorded("twin").ended(Outcome::Failed).contains(&"totals"));
    assert_eq!(said("twin", "night", "totals has a bug: 0 figures"), 1);
}
