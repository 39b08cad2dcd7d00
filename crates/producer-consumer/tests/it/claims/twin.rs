//! What the recordings in the chapter show.

use timeline::{Lane, Outcome, Recording};

use crate::story::room;

#[test]
fn asyncios_consumers_never_see_an_end_and_are_cancelled() {
    let (tokio, asyncio) = (room().recorded("story"), room().recorded("twin"));
    let waiting = ["monitor", "consumer 1", "consumer 2", "consumer 3"];
    assert!(waiting.iter().all(|name| tokio.lane(name).unwrap().outcome == Some(Outcome::Finished)));
    assert_eq!(asyncio.cancelled(), waiting);
}

#[test]
fn in_both_stories_the_full_queue_holds_the_producers_back_for_as_long() {
    let (tokio, asyncio) = (room().recorded("story"), room().recorded("twin"));
    for producer in ["producer 1", "producer 2"] {
        let lasted = |recording: &Recording| recording.lane(producer).and_then(Lane::lasted).unwrap();
        assert_eq!(lasted(&tokio), lasted(&asyncio));
    }
}

#[test]
fn the_naive_story_works_on_one_item_at_a_time() {
    let (right, naive) = (room().recorded("story"), room().recorded("naive"));
    assert_eq!((items_at_once(&right), items_at_once(&naive)), (3, 1));
    assert!(naive.total() > 2 * right.total());
}

fn items_at_once(recording: &Recording) -> usize {
    recording.peak_where(|lane| lane.name.starts_with(['A', 'B']))
}
