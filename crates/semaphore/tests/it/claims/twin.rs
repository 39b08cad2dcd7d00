//! What the recordings in the chapter show.

use timeline::{Lane, Recording};

use crate::story::room;

#[test]
fn asyncios_tasks_all_exist_from_the_start_and_tokios_are_made_when_there_is_room() {
    let (tokio, asyncio) = (room().recorded("story"), room().recorded("twin"));
    assert_eq!(pages(&asyncio).filter(|page| page.opened == 0).count(), 8);
    assert_eq!(pages(&tokio).filter(|page| page.opened == 0).count(), 3);
}

#[test]
fn page_4_begins_when_page_1_ends() {
    let story = room().recorded("story");
    let (first, fourth) = (story.lane("page 1").unwrap(), story.lane("page 4").unwrap());
    assert_eq!(fourth.started(), first.closed);
    let twin = room().recorded("twin");
    let (first, fourth) = (twin.lane("page 1").unwrap(), twin.lane("page 4").unwrap());
    assert!(fourth.polls.iter().any(|poll| Some(poll.at) == first.closed), "page 4 goes on when page 1 ends");
}

#[test]
fn a_page_that_fails_makes_room_for_the_next_in_both_stories() {
    for name in ["story", "twin"] {
        let recording = room().recorded(name);
        let failed = recording.lane("page 4").unwrap().closed.unwrap();
        let next = recording.lane("page 6").unwrap();
        assert!(next.polls.iter().any(|poll| poll.at == failed), "page 6 goes on when page 4 fails");
    }
}

#[test]
fn the_naive_story_asks_for_all_pages_at_once() {
    let (right, naive) = (room().recorded("story"), room().recorded("naive"));
    let peak = |recording: &Recording| recording.peak_where(|lane| lane.name.starts_with("page"));
    assert_eq!((peak(&right), peak(&naive)), (3, 8));
}

#[test]
fn in_asyncio_a_semaphore_made_in_each_call_limits_nothing() {
    let naive = room().recorded("twin-naive");
    assert_eq!(naive.peak_where(|lane| lane.name.starts_with("page")), 8);
    assert_eq!(naive.lane("unlimited").unwrap().lasted(), room().recorded("naive").lane("unlimited").unwrap().lasted());
}

#[test]
fn in_the_naive_story_the_fast_host_waits_for_the_slow_one() {
    let (right, naive) = (room().recorded("story"), room().recorded("naive"));
    let waits = |recording: &Recording| {
        recording.lane("cdn 1").unwrap().started() > Some(recording.lane("archive 1").unwrap().opened)
    };
    assert_eq!((waits(&right), waits(&naive)), (false, true));
}

fn pages(recording: &Recording) -> impl Iterator<Item = &Lane> {
    recording.lanes.iter().filter(|lane| lane.name.starts_with("page"))
}
