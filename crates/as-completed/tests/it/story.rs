//! The story, its recorded files, its twin and the chapter hold together.

use std::process::Command;

use room::{Difference, Room};

pub(crate) fn room() -> Room {
    Room::new("as-completed", env!("CARGO_MANIFEST_DIR"), env!("CARGO_BIN_EXE_as-completed"))
        .with_knob("limit", &[1, 3])
}

#[test]
fn the_story_is_the_same_every_time() {
    room().story_is_stable();
}

#[test]
fn the_recorded_files_are_up_to_date() {
    room().recorded_files_are_up_to_date();
}

#[test]
fn the_twin_tells_the_same_story() {
    let left_running = "asyncio_leaves_the_rest_running";
    let starts_sooner = "asyncio_starts_the_next_download_while_the_loop_is_busy";
    room().twin_agrees(&[
        Difference { what: "alpha answered", claim: left_running },
        Difference { what: "alpha", claim: left_running },
        Difference { what: "page 3 arrived", claim: starts_sooner },
    ]);
}

#[test]
fn the_chapter_holds() {
    room().chapter_holds();
}

#[test]
fn a_twin_without_a_naive_version_says_so() {
    let run = |flags: &[&str]| Command::new(env!("CARGO_BIN_EXE_as-completed")).args(flags).output().unwrap();
    let help = String::from_utf8(run(&["--help"]).stdout).unwrap();
    let help = help.split_whitespace().collect::<Vec<_>>().join(" ");
    assert_eq!(help.matches("not with --naive)").count(), 2, "at --asyncio and at --both: {help}");
    for flag in ["--asyncio", "--both"] {
        let refused = run(&["--fast", "--naive", flag]);
        assert_eq!((refused.status.code(), refused.stdout.len()), (Some(2), 0), "{flag}");
        let complaint = String::from_utf8(refused.stderr).unwrap();
        let what = format!("this topic's version that goes wrong is in Tokio only: leave out {flag} or --naive.");
        assert!(complaint.contains(&what), "{complaint}");
    }
}
