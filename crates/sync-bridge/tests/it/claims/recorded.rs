//! What the pictures of the chapter show, in both languages.

use timeline::{Outcome, Recording};

use crate::story::room;

fn said(recording: &Recording, text: &str) -> usize {
    recording.lanes.iter().flat_map(|lane| &lane.notes).chain(&recording.notes).filter(|note| note.text == text).count()
}

#[test]
fn in_both_stories_the_tills_share_one_connection_and_in_the_naive_ones_they_do_not() {
    for name in ["story", "twin"] {
        assert_eq!(said(&room().recorded(name), "connected"), 1, "{name}");
    }
    for name in ["naive", "twin-naive"] {
        assert_eq!(said(&room().recorded(name), "connected"), 2, "{name}");
    }
}

#[test]
fn in_both_stories_two_threads_wait_for_calls_that_overlap() {
    for name in ["story", "twin"] {
        let recording = room().recorded(name);
        let [tea, cake] = ["tea", "cake"].map(|call| recording.lane(call).unwrap());
        assert!(tea.opened < cake.opened && cake.opened < tea.closed.unwrap(), "{name}");
    }
}

#[test]
fn in_both_stories_the_cake_is_cancelled_when_the_shop_closes_and_in_the_naive_ones_it_is_not() {
    for (name, outcome) in [
        ("story", Outcome::Cancelled),
        ("twin", Outcome::Cancelled),
        ("naive", Outcome::Finished),
        ("twin-naive", Outcome::Finished),
    ] {
        assert_eq!(room().recorded(name).lane("cake").unwrap().outcome, Some(outcome), "{name}");
    }
}

#[test]
fn in_the_naive_stories_the_report_ends_in_a_panic_and_in_a_runtime_error() {
    let outcome = |name| room().recorded(name).lane("report").unwrap().outcome;
    assert_eq!(outcome("naive"), Some(Outcome::Panicked));
    assert_eq!(outcome("twin-naive"), Some(Outcome::Failed));
    let words = "RuntimeError: asyncio.run() cannot be called from a running event loop";
    assert_eq!(said(&room().recorded("twin-naive"), words), 1);
}

#[test]
fn the_heart_beats_while_the_printer_waits_and_in_the_naive_stories_it_stands_still() {
    // From the beginning of the scanner's work to its first code, in quarters.
    let beats = |name: &str| {
        let recording = room().recorded(name);
        let scanner = recording.lane("scanner").unwrap().started().unwrap();
        let heart = recording.lane("heart").unwrap();
        heart.polls.iter().filter(|poll| scanner < poll.at && poll.at < scanner + 250_000).count()
    };
    for (name, beat) in [("story", true), ("twin", true), ("naive", false), ("twin-naive", false)] {
        assert_eq!(beats(name) > 1, beat, "{name}: {}", beats(name));
    }
}

#[test]
fn the_scanner_ends_late_since_it_waits_for_the_printer() {
    // With room for one code, the scanner has no more codes only after the printer has taken the third.
    let order = |name: &str| {
        let recording = room().recorded(name);
        let end = |lane: &str, text: &str| {
            let notes = &recording.lane(lane).unwrap().notes;
            notes.iter().find(|note| note.text == text).map(|note| note.seq).unwrap()
        };
        end("printer", "prints B") < end("scanner", "has no more codes")
    };
    assert!(order("story") && order("twin"));
}
