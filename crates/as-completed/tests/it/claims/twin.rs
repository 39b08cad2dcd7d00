//! What asyncio does differently, and what the naive story shows, read off the recordings in the chapter.

use room::run_asyncio;
use timeline::{Lane, Outcome, Recording};

use crate::story::room;

fn lane<'a>(recording: &'a Recording, name: &str) -> &'a Lane {
    recording.lane(name).unwrap_or_else(|| panic!("no lane {name}"))
}

fn said(recording: &Recording, text: &str) -> bool {
    recording.lanes.iter().flat_map(|lane| &lane.notes).any(|note| note.text == text)
}

#[test]
fn asyncio_leaves_the_rest_running() {
    let (tokio, asyncio) = (room().recorded("story"), room().recorded("twin"));
    assert_eq!(lane(&tokio, "alpha").outcome, Some(Outcome::Cancelled));
    assert_eq!(lane(&asyncio, "alpha").outcome, Some(Outcome::Finished));
    assert!(lane(&asyncio, "alpha").closed > lane(&asyncio, "quorum").closed);
}

#[test]
fn asyncio_starts_the_next_download_while_the_loop_is_busy() {
    let (tokio, asyncio) = (room().recorded("story"), room().recorded("twin"));
    assert_eq!(lane(&asyncio, "page 3").opened, lane(&asyncio, "page 1").closed.unwrap());
    assert_eq!(lane(&tokio, "page 3").opened, lane(&tokio, "printer").closed.unwrap());
}

#[test]
fn asyncio_starts_what_is_no_task_yet_in_the_order_of_a_set() {
    // A coroutine's place in a set is its address, which is another one in each run; here it is its number.
    run_asyncio(
        "
class Work:
    def __init__(self, number): self.number = number
    def __hash__(self): return self.number
    def __await__(self):
        started.append(self.number)
        yield
started = []
async def main():
    for earliest in asyncio.as_completed([Work(number) for number in (3, 1, 2)]): await earliest
    assert started == [1, 2, 3], started",
    );
}

#[test]
fn in_both_a_failure_comes_in_its_turn() {
    for version in ["story", "twin"] {
        assert!(said(&room().recorded(version), "2 of 3: sketch is missing"));
        assert!(said(&room().recorded(version), "3 of 3: map is shown"));
    }
}

#[test]
fn asyncio_tasks_go_on_while_the_loop_is_busy() {
    let page_2 = |version| lane(&room().recorded(version), "page 2").clone();
    assert_eq!(page_2("twin").lasted(), page_2("story").lasted());
    assert_eq!(page_2("naive").outcome, Some(Outcome::Failed));
}

#[test]
fn the_naive_story_shows_late_waits_for_all_and_starves() {
    let (right, naive) = (room().recorded("story"), room().recorded("naive"));
    assert!(said(&right, "1 of 3: icon is shown"));
    assert!(said(&naive, "3 of 3: icon is shown"));
    assert_eq!((right.cancelled(), naive.cancelled()), (vec!["alpha"], vec![]));
    assert_eq!(
        (right.ended(Outcome::Failed), naive.ended(Outcome::Failed)),
        (vec!["sketch"], vec!["sketch", "page 2"])
    );
}

#[test]
fn asyncio_since_3_13_starts_coroutines_at_the_call_of_as_completed() {
    run_asyncio(
        "
import sys, warnings
warnings.simplefilter('ignore')
async def main():
    started = []
    async def work(): started.append('work')
    results = asyncio.as_completed([work()])
    await asyncio.sleep(0)
    assert started == (['work'] if sys.version_info >= (3, 13) else []), started
    for earliest in results: await earliest
    assert started == ['work']",
    );
}
