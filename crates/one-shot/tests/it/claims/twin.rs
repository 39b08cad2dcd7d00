//! What the stories show, read off the recordings.

use timeline::Outcome;

use crate::story::room;

#[test]
fn the_reader_learns_that_nobody_will_write_and_in_asyncio_waits_in_vain() {
    let [story, naive, twin] = ["story", "naive", "twin"].map(|name| room().recorded(name));
    let reader = story.lane("reader").unwrap();
    assert_eq!(reader.outcome, Some(Outcome::Failed));
    assert_eq!(reader.closed, story.lane("writer").unwrap().closed);
    for recording in [naive, twin] {
        assert!(recording.cancelled().contains(&"reader"));
        assert!(recording.lane("reader").unwrap().closed > recording.lane("writer").unwrap().closed);
    }
}

#[test]
fn the_office_ends_with_its_callers_and_in_asyncio_it_is_cancelled() {
    let [story, twin] = ["story", "twin"].map(|name| room().recorded(name));
    assert!(story.finish_order().contains(&"office"));
    assert!(twin.cancelled().contains(&"office"));
}

#[test]
fn in_both_stories_cleo_has_the_seat_of_ben_who_left_and_in_the_naive_one_none() {
    let last = |name| room().recorded(name).lane("Cleo").unwrap().notes.last().unwrap().text.clone();
    assert_eq!(["story", "twin", "naive"].map(last), ["has seat 2", "has seat 2", "gets no seat"]);
}

#[test]
fn the_guest_goes_in_and_in_the_naive_story_waits_in_vain() {
    let [story, twin, naive] = ["story", "twin", "naive"].map(|name| room().recorded(name));
    assert!(story.finish_order().contains(&"guest") && twin.finish_order().contains(&"guest"));
    assert!(naive.cancelled().contains(&"guest"));
    assert!(naive.finish_order().contains(&"porter"));
}
