//! The JSON form: what is written reads back, and what is not a recording is explained; and the Chrome trace.

use std::borrow::Cow;

use drawing::Look;
use proptest::prelude::*;
use timeline::{Clock, Kind, Lane, Note, Outcome, Place, Poll, ReadError, Recording};

fn small() -> Recording {
    let place = Place { file: Cow::Borrowed("crates/gather/src/main.rs"), line: 20 };
    let users = Lane {
        name: "users".to_owned(),
        kind: Kind::Future,
        parent: None,
        place: Some(place),
        opened: 0,
        polls: vec![Poll { at: 10, until: 25, count: 1, longest: 15, thread: 0 }],
        notes: vec![Note { at: 20, text: "asks".to_owned(), place: None }],
        outcome: Some(Outcome::Finished),
        closed: Some(25),
    };
    let hash = Lane {
        name: "hash".to_owned(),
        kind: Kind::Blocking,
        parent: Some(0),
        place: None,
        polls: Vec::new(),
        notes: Vec::new(),
        outcome: None,
        closed: None,
        ..users.clone()
    };
    Recording {
        title: "gather".to_owned(),
        clock: Clock::Real,
        ended: 30,
        threads: vec!["main".to_owned()],
        multi_thread: false,
        lanes: vec![users, hash],
        notes: vec![Note { at: 1, text: "begins".to_owned(), place: None }],
    }
}

#[test]
fn the_form_is_stable_to_the_byte() {
    let expected = r#"{"version":1,"title":"gather","clock":"real","ended":30,"threads":["main"],"multi_thread":false,
"lanes":[
{"name":"users","kind":"future","parent":null,"place":"crates/gather/src/main.rs:20","opened":0,"polls":[[10,25,1,15,0]],"notes":[{"at":20,"text":"asks","place":null}],"outcome":"finished","closed":25},
{"name":"hash","kind":"blocking","parent":0,"place":null,"opened":0,"polls":[],"notes":[],"outcome":null,"closed":null}
],
"notes":[{"at":1,"text":"begins","place":null}]}
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
fn what_is_wrong_is_named() {
    let newer = "this recording is version 2; this program reads up to version 1: update the workbook";
    assert_eq!(error(r#""version":1"#, r#""version":2"#), newer);
    let broken = "this is not a recording: the JSON is broken at line 2, column 8";
    assert_eq!(error(r#""lanes":["#, r#""lanes"["#), broken);
    let missing = "lanes[0].closed: a whole number of microseconds is missing";
    assert_eq!(error(r#","closed":25"#, ""), missing);
    for number in ["1.5", "-1", "1e300", "\"1\"", "[]"] {
        let wrong = "lanes[0].opened: a whole number of microseconds should stand here";
        assert_eq!(error(r#""opened":0"#, &format!(r#""opened":{number}"#)), wrong);
    }
    let parent = "lanes[1].parent: the number of an earlier lane should stand here";
    assert_eq!(error(r#""parent":0"#, r#""parent":1"#), parent);
    let outcome =
        r#"lanes[0].outcome: one of "finished", "failed", "panicked", "cancelled", "never started" should stand here"#;
    assert_eq!(error(r#""finished""#, r#""done""#), outcome);
    let thread = "lanes[0].polls[0]: its thread, the fifth number, is not in the list of threads";
    assert_eq!(error("[10,25,1,15,0]", "[10,25,1,15,1]"), thread);
    let place = r#"lanes[0].place: a place, "file:line", should stand here"#;
    assert_eq!(error("main.rs:20", "main.rs"), place);
    assert_eq!(
        error(r#""closed":25"#, r#""closed":null"#),
        "lanes[0]: outcome and closed stand together: both given, or both null"
    );
    let not_an_object = Recording::from_json("[1]").expect_err("a list").to_string();
    assert_eq!(not_an_object, "version: a whole number is missing");
}

#[test]
fn a_million_brackets_are_an_error_and_not_a_stack_overflow() {
    let error = Recording::from_json(&"[".repeat(1_000_000));
    assert_eq!(error, Err(ReadError::Broken { line: 1, column: 33 }));
}

#[test]
fn brackets_in_a_text_are_no_nesting() {
    let mut recording = small();
    recording.title = "[{\\\"".repeat(100);
    assert_eq!(Recording::from_json(&recording.to_json()), Ok(recording));
}

#[test]
fn the_chrome_trace_has_a_track_for_each_lane() {
    let poll = |at| Poll { at, until: at, count: 1, longest: 0, thread: 0 };
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

    /// Whatever is done to a file, reading it ends in a recording or an error; and what can be read can be questioned and drawn.
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
            let _ = (recording.total(), recording.peak("users"), recording.held_up(), recording.waiting());
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
