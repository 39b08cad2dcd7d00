//! The JSON form reads back, and an error explains why a text is not a recording. Also the Chrome trace.

use std::borrow::Cow;

use drawing::Look;
use proptest::prelude::*;
use recording::{By, Clock, Kind, Lane, Level, Missing, Note, Outcome, Place, Poll, ReadError, Recording, Value, Wake};

fn small() -> Recording {
    let place = Place { file: Cow::Borrowed("crates/gather/src/main.rs"), line: 20 };
    let users = Lane {
        name: "users".to_owned(),
        kind: Kind::Future,
        parent: None,
        place: Some(place.clone()),
        opened: 0,
        opened_seq: 1,
        polls: vec![Poll { at: 10, until: 25, longest: 15, busy: 15, seq: 4, until_seq: 8, ..Poll::default() }],
        wakes: vec![Wake { at: 5, seq: 3, by: By::Lane(1), until: Some(10), count: 1 }],
        notes: vec![Note { at: 20, seq: 5, text: "asks".to_owned(), place: None }],
        polling: false,
        outcome: Some(Outcome::Finished),
        closed: Some(25),
        closed_seq: Some(9),
    };
    let hash = Lane {
        name: "hash".to_owned(),
        kind: Kind::Blocking,
        parent: Some(0),
        opened_seq: 2,
        wakes: vec![
            Wake { at: 5, seq: 6, by: By::Runtime, until: Some(10), count: 7 },
            Wake { at: 11, seq: 7, by: By::Outside, until: None, count: 1 },
        ],
        ..Lane::default()
    };
    let values =
        vec![Value { at: 3, seq: 10, value: 3, limit: Some(10) }, Value { at: 4, seq: 11, value: 4, limit: None }];
    Recording {
        title: "gather".to_owned(),
        clock: Clock::Real,
        ended: 30,
        threads: vec!["main".to_owned()],
        multi_thread: false,
        missing: Missing { finished: 1, notes: 2, early: 3, filtered: 4 },
        lanes: vec![users, hash],
        levels: vec![Level { name: "queue".to_owned(), place: Some(place), values }],
        notes: vec![Note { at: 1, seq: 0, text: "begins".to_owned(), place: None }],
    }
}

#[test]
fn the_form_is_stable_to_the_byte() {
    let expected = r#"{"version":2,"title":"gather","clock":"real","ended":30,"threads":["main"],"multi_thread":false,"missing":{"finished":1,"notes":2,"early":3,"filtered":4},
"lanes":[
{"name":"users","kind":"future","parent":null,"place":"crates/gather/src/main.rs:20","opened":0,"opened_seq":1,"polls":[[10,25,1,15,0,15,4,8]],"wakes":[[5,3,1,10,1]],"notes":[{"at":20,"seq":5,"text":"asks","place":null}],"polling":false,"outcome":"finished","closed":25,"closed_seq":9},
{"name":"hash","kind":"blocking","parent":0,"place":null,"opened":0,"opened_seq":2,"polls":[],"wakes":[[5,6,"runtime",10,7],[11,7,"outside",null,1]],"notes":[],"polling":false,"outcome":null,"closed":null,"closed_seq":null}
],
"levels":[{"name":"queue","place":"crates/gather/src/main.rs:20","values":[[3,10,3,10],[4,11,4,null]]}],
"notes":[{"at":1,"seq":0,"text":"begins","place":null}]}
"#;
    assert_eq!(small().to_json(), expected);
    assert_eq!(Recording::from_json(expected), Ok(small()));
}

#[test]
fn an_empty_recording_reads_back() {
    let empty = Recording::default();
    assert_eq!(Recording::from_json(&empty.to_json()), Ok(empty));
}

#[test]
fn every_text_reads_back() {
    let every_control: String = ('\0'..' ').chain(['\u{7f}', '\u{85}', '\u{2028}']).collect();
    for text in ["\"quoted\" \\ / 'x'", "line\nbreak\ttab", every_control.as_str(), "äöü 漢字 🦀 \u{10ffff}", ""]
    {
        let mut recording = small();
        recording.title = text.to_owned();
        recording.lanes[0].name = text.to_owned();
        recording.lanes[0].notes[0].text = text.to_owned();
        assert!(recording.to_json().chars().all(|c| c == '\n' || c >= ' '), "no raw control characters: {text:?}");
        assert_eq!(Recording::from_json(&recording.to_json()), Ok(recording));
    }
}

/// The error for the small recording, after `from` was replaced by `to` in its JSON.
fn error(from: &str, to: &str) -> String {
    let json = small().to_json();
    assert!(json.contains(from), "{from}");
    let error = Recording::from_json(&json.replacen(from, to, 1)).err();
    error.map_or_else(|| format!("read without an error: {to}"), |error| error.to_string())
}

#[test]
fn an_error_names_what_is_wrong() {
    let newer = "this recording is version 3; this program reads version 2: update the workbook";
    assert_eq!(error(r#""version":2"#, r#""version":3"#), newer);
    let older = "this recording is version 1; this program reads version 2: record it again";
    assert_eq!(error(r#""version":2"#, r#""version":1"#), older);
    let broken = "this is not a recording: the JSON is broken at line 2, column 8";
    assert_eq!(error(r#""lanes":["#, r#""lanes"["#), broken);
    assert_eq!(error(r#","closed":25"#, ""), "lanes[0].closed: is missing");
    for number in ["1.5", "-1", "1e300", "\"1\"", "[]"] {
        let wrong = "lanes[0].opened: expected a whole number of microseconds";
        assert_eq!(error(r#""opened":0"#, &format!(r#""opened":{number}"#)), wrong);
    }
    let parent = "lanes[1].parent: expected the number of an earlier lane";
    assert_eq!(error(r#""parent":0"#, r#""parent":1"#), parent);
    let outcome = r#"lanes[0].outcome: expected one of "finished", "failed", "panicked", "cancelled", "never started""#;
    assert_eq!(error(r#":"finished""#, r#":"done""#), outcome);
    let thread = "lanes[0].polls[0]: its thread, the fifth number, is not in the list of threads";
    assert_eq!(error("[10,25,1,15,0,", "[10,25,1,15,1,"), thread);
    let place = r#"lanes[0].place: expected a place, "file:line""#;
    assert_eq!(error("main.rs:20", "main.rs"), place);
    assert_eq!(
        error(r#""closed":25"#, r#""closed":null"#),
        "lanes[0]: outcome, closed and closed_seq must be all given, or all null"
    );
    let waker = "lanes[0].wakes[0]: the lane that is said to have woken it does not exist";
    assert_eq!(error("[5,3,1,10,1]", "[5,3,2,10,1]"), waker);
    assert_eq!(
        error("[5,3,1,10,1]", "[5,3,1,10]"),
        "lanes[0].wakes[0]: expected five things, [at, seq, by, until, count]"
    );
    assert_eq!(
        error(r#""polling":false"#, r#""polling":true"#),
        "lanes[0]: polling cannot be true: the lane has ended, or has no poll"
    );
    let not_an_object = Recording::from_json("[1]").expect_err("a list").to_string();
    assert_eq!(not_an_object, ": expected an object");
}

#[test]
fn a_million_brackets_are_an_error_and_not_a_stack_overflow() {
    let error = Recording::from_json(&"[".repeat(1_000_000));
    assert_eq!(error, Err(ReadError::Broken { line: 1, column: 33 }));
}

#[test]
fn brackets_in_a_text_do_not_count_as_nesting() {
    let mut recording = small();
    recording.title = "[{\\\"".repeat(100);
    assert_eq!(Recording::from_json(&recording.to_json()), Ok(recording));
}

#[test]
fn the_chrome_trace_has_a_track_for_each_lane() {
    let poll = |at| Poll { at, until: at, ..Poll::default() };
    let (outcome, closed) = (Some(Outcome::Failed), Some(500_000));
    let users =
        Lane { name: "users".to_owned(), polls: vec![poll(0), poll(500_000)], outcome, closed, ..Lane::default() };
    let trace = Recording { title: "gather".to_owned(), lanes: vec![users], ..Recording::default() };
    let expected = r#"{"displayTimeUnit":"ms","traceEvents":[
{"name":"process_name","ph":"M","pid":1,"tid":0,"args":{"name":"gather"}},
{"name":"thread_name","ph":"M","pid":1,"tid":1,"args":{"name":"users"}},
{"name":"thread_sort_index","ph":"M","pid":1,"tid":1,"args":{"sort_index":1}},
{"name":"users","cat":"lane","ph":"X","pid":1,"tid":1,"ts":0,"dur":500000,"args":{"outcome":"failed","polls":2}},
{"name":"poll","cat":"lane","ph":"X","pid":1,"tid":1,"ts":0,"dur":0,"args":{"count":1,"longest":0}},
{"name":"poll","cat":"lane","ph":"X","pid":1,"tid":1,"ts":500000,"dur":0,"args":{"count":1,"longest":0}}
]}
"#;
    assert_eq!(trace.to_chrome(), expected);
}

proptest! {
    #[test]
    fn any_text_reads_back(text: String) {
        let recording = Recording { title: text, ..small() };
        prop_assert_eq!(Recording::from_json(&recording.to_json()), Ok(recording));
    }

    /// Reading an edited file ends in a recording or an error. A recording that was read answers questions and can be drawn.
    #[test]
    fn no_mutation_makes_it_panic(
        changes in prop::collection::vec((0_usize..600, 0_usize..12, 0_usize..MUTATIONS.len()), 1..4),
    ) {
        let mut text: Vec<char> = small().to_json().chars().collect();
        for (at, length, with) in changes {
            let at = at.min(text.len());
            let until = (at + length).min(text.len());
            text.splice(at..until, MUTATIONS[with].chars());
        }
        if let Ok(recording) = Recording::from_json(&text.iter().collect::<String>()) {
            let _ = (recording.total(), recording.peak("users"), recording.held_up().count(), recording.waiting());
            let _ = (drawing::chart(&[&recording], &Look::default()), drawing::svg(&[&recording]));
            let _ = (recording.to_chrome(), drawing::words(&recording));
            prop_assert_eq!(Recording::from_json(&recording.to_json()), Ok(recording));
        }
    }
}

const MUTATIONS: &[&str] = &[
    "",
    "0",
    "9",
    "-",
    ".",
    "e",
    "\"",
    "\\",
    "\\ud83e",
    "{",
    "}",
    "[",
    "]",
    ",",
    ":",
    "null",
    "true",
    "9007199254740992",
    "9007199254740993",
    "1e400",
    "\u{0}",
    "🦀",
    "\n",
];
