//! What the pictures of the chapter show, in both languages.

use room::run_asyncio;
use timeline::{Lane, Outcome, Recording};

use crate::story::room;

/// The works that are there, and how many of them ran at once at most.
fn works(recording: &Recording) -> (Vec<Option<Outcome>>, usize) {
    let is_work = |lane: &&Lane| lane.name.starts_with("work ");
    let outcomes = recording.lanes.iter().filter(is_work).map(|lane| lane.outcome).collect();
    (outcomes, recording.peak_where(|lane| is_work(&lane)))
}

/// How many beats the lane is long: its length, divided by the usual pause between two beats of the same recording.
fn beats_that_fit_into(recording: &Recording, name: &str) -> u64 {
    let lane = recording.lane(name).unwrap();
    let polls = &recording.lane("heart").unwrap().polls;
    let mut pauses: Vec<_> = polls.windows(2).map(|pair| pair[1].at - pair[0].at).collect();
    pauses.sort_unstable();
    (lane.closed.unwrap() - lane.started().unwrap()) / pauses[pauses.len() / 2]
}

/// How often the heart was polled between the beginning and the end of this lane.
fn beats_during(recording: &Recording, name: &str) -> usize {
    let lane = recording.lane(name).unwrap();
    let (began, ended) = (lane.started().unwrap(), lane.closed.unwrap());
    let heart = recording.lane("heart").unwrap();
    heart.polls.iter().filter(|poll| began < poll.at && poll.at < ended).count()
}

#[test]
fn in_both_languages_only_the_inline_sum_stops_the_heart() {
    for language in ["story", "twin"] {
        let recording = room().recorded(language);
        assert_eq!(beats_during(&recording, "inline"), 0, "{language}");
        assert!(beats_that_fit_into(&recording, "inline") >= 3, "{language}: a sum so short would prove nothing");
        for place in ["pool", "cores", "thread", "child"] {
            assert!(beats_during(&recording, place) >= 1, "{language}: {place}");
        }
        let held_up: Vec<_> = recording.held_up().collect();
        let by: Vec<_> = held_up.iter().filter_map(|held| Some(recording.lanes[held.by?].name.as_str())).collect();
        assert_eq!(by, ["inline"], "{language}");
    }
    let naive = room().recorded("naive");
    assert_eq!(beats_during(&naive, "async fn"), 0);
    assert!(beats_that_fit_into(&naive, "async fn") >= 3, "a sum so short would prove nothing");
}

#[test]
fn only_the_crashed_child_fails_in_both_languages() {
    for language in ["story", "twin"] {
        let recording = room().recorded(language);
        assert_eq!(recording.ended(Outcome::Failed), ["crash"], "{language}");
    }
}

#[test]
fn the_naive_story_runs_three_works_under_a_limit_of_one() {
    let (one, never) = (Some(Outcome::Finished), Some(Outcome::NeverStarted));
    assert_eq!(works(&room().recorded("story")), (vec![one, never, never], 1));
    assert_eq!(works(&room().recorded("naive")), (vec![one; 3], 3));
}

#[test]
fn asyncio_gives_the_place_back_while_the_thread_goes_on() {
    assert_eq!(works(&room().recorded("twin")), (vec![Some(Outcome::Finished); 3], 3));
}

/// Three callers give up, one after another, while the first one's work waits for the last of them.
const ONE_WORKER: &str = r"
import threading
from concurrent.futures import ThreadPoolExecutor

begun, first_began, all_gave_up = [], threading.Event(), threading.Event()

def work(number):
    begun.append(number)
    first_began.set()
    all_gave_up.wait()

async def main():
    with ThreadPoolExecutor(max_workers=1) as places:
        for number in range(3):
            try:
                await asyncio.wait_for(asyncio.get_running_loop().run_in_executor(places, work, number), 0.01)
            except TimeoutError:
                await asyncio.to_thread(first_began.wait)
        assert begun == [0], begun
        all_gave_up.set()
    assert begun == [0], begun
";

#[test]
fn asyncio_keeps_the_place_in_an_executor_with_one_worker() {
    run_asyncio(ONE_WORKER);
}

#[test]
fn asyncio_copies_its_context_to_threads_and_tasks_but_not_to_executors() {
    let said = |recording: &Recording, what: &str| recording.notes.iter().any(|note| note.text == what);
    let (tokio, asyncio) = (room().recorded("story"), room().recorded("twin"));
    assert!(said(&asyncio, "to_thread sees request 7"));
    assert!(said(&asyncio, "create_task sees request 7"));
    assert!(said(&asyncio, "run_in_executor sees no request"));
    assert!(said(&tokio, "spawn_blocking sees no request"));
    assert!(said(&tokio, "spawn sees no request"));
    assert!(said(&tokio, "with_context sees request 7"));
}
