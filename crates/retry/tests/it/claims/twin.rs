//! What the stories show, read off the recordings.

use room::python;
use timeline::{Outcome, Recording};

use crate::story::room;

/// When a lane said what.
fn said(recording: &Recording, lane: &str) -> Vec<(u64, String)> {
    recording.lane(lane).unwrap().notes.iter().map(|note| (note.at, note.text.clone())).collect()
}

/// What the story said last.
fn sum(recording: &Recording) -> &str {
    &recording.notes.last().unwrap().text
}

fn both() -> [Recording; 2] {
    ["story", "twin"].map(|name| room().recorded(name))
}

#[test]
fn in_both_stories_eve_makes_one_attempt() {
    for recording in both() {
        let texts: Vec<_> = said(&recording, "eve").into_iter().map(|(_, text)| text).collect();
        assert_eq!(texts, ["attempt 1: forbidden", "gave up after attempt 1: the error is permanent"]);
    }
}

#[test]
fn in_both_stories_dee_comes_back_when_she_was_told_to() {
    for recording in both() {
        let dee = said(&recording, "dee");
        assert_eq!((dee.len(), dee[1].1.as_str()), (2, "attempt 2: answered"));
        assert!(dee[1].0 - dee[0].0 >= 400_000);
    }
}

#[test]
fn in_both_stories_fay_gives_up_when_her_time_is_over() {
    for recording in both() {
        let fay = recording.lane("fay").unwrap();
        assert_eq!(fay.outcome, Some(Outcome::Failed));
        assert!(fay.lasted().unwrap() <= 300_000);
        assert!(said(&recording, "fay").last().unwrap().1.ends_with("no time is left"));
    }
}

#[test]
fn in_both_stories_991_of_1000_clients_are_answered() {
    for recording in both() {
        assert_eq!(sum(&recording), "991 of 1000 clients were answered; the service got 3022 calls");
    }
}

#[test]
fn in_the_naive_story_200_of_1000_clients_are_answered() {
    let naive = room().recorded("naive");
    assert_eq!(sum(&naive), "200 of 1000 clients were answered; the service got 4600 calls");
}

/// The loads of the windows in which calls came, each of 20 ms.
fn loads(recording: &Recording) -> Vec<u64> {
    let level = recording.levels.iter().find(|level| level.name == "load").unwrap();
    level.values.iter().map(|value| value.value).filter(|load| *load > 0).collect()
}

#[test]
fn in_the_naive_story_all_clients_come_back_together() {
    assert_eq!(loads(&room().recorded("naive")), [1_000, 960, 920, 880, 840]);
}

#[test]
fn in_the_story_the_calls_spread_out_and_fit_below_the_limit_in_the_end() {
    let loads = loads(&room().recorded("story"));
    assert_eq!(loads[0], 1_000);
    assert!(loads[1..].iter().all(|load| *load < 250), "{loads:?}");
    assert!(loads[loads.len() / 2..].iter().filter(|load| **load > 40).count() < loads.len() / 4, "{loads:?}");
}

#[test]
fn in_the_naive_twin_ann_and_bob_make_one_call_and_dee_runs_out_of_pauses() {
    let naive = room().recorded("twin-naive");
    let calls = ["ann", "bob", "dee"].map(|name| naive.named(&format!("{name}'s call")).count());
    assert_eq!(calls, [1, 1, 3]);
    let ends = ["ann", "bob", "dee"].map(|name| said(&naive, name).pop().unwrap().1);
    let errors =
        ["RuntimeError: cannot reuse already awaited coroutine", "Busy: busy", "IndexError: list index out of range"];
    assert_eq!(ends, errors);
}

#[test]
fn the_last_sentence_of_both_stories_is_true_of_few_clients_and_of_many() {
    for flags in [&[][..], &["--asyncio"]].into_iter().take(if python().is_some() { 2 } else { 1 }) {
        for (clients, begin) in [
            ("40", "the service has a place for everybody"),
            ("41", "the calls spread out, and soon they fit below the limit"),
            ("1500", "the calls spread out, and soon they fit below the limit"),
            ("1501", "the calls spread out, but more clients call than the service can answer in time"),
        ] {
            let sentence = room().look(&[flags, &["--clients", clients]].concat());
            assert!(sentence.starts_with(begin), "{flags:?}, {clients}: {sentence}");
        }
    }
}
