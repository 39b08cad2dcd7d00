//! The story, its recorded files, its twin and the chapter hold together.

use room::{Difference, Room};

pub(crate) fn room() -> Room {
    Room::new("tasks", env!("CARGO_MANIFEST_DIR"), env!("CARGO_BIN_EXE_tasks")).with_knob("stop", &[200, 500, 1_400])
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
    let no_panic = "asyncio_knows_no_panic_every_exception_is_a_failure";
    room().twin_agrees(&[
        Difference { what: "report mail panicked: counts below zero", claim: no_panic },
        Difference { what: "report mail failed: counts below zero", claim: no_panic },
        Difference { what: "mail", claim: no_panic },
    ]);
}

#[test]
fn a_panic_of_the_story_is_two_lines_also_with_rust_backtrace() {
    for asked in ["0", "1"] {
        let mut story = std::process::Command::new(env!("CARGO_BIN_EXE_tasks"));
        let told = story.args(["--fast"]).env("RUST_BACKTRACE", asked).output().unwrap();
        let told = String::from_utf8(told.stderr).unwrap().replace('\r', "");
        let lines: Vec<_> = told.lines().collect();
        let ["", place, "counts below zero"] = lines[..] else { panic!("RUST_BACKTRACE={asked}: {told}") };
        assert!(place.starts_with("thread 'main' panicked at ") && place.contains("main.rs:"), "{place}");
    }
}

#[test]
fn the_chapter_holds() {
    room().chapter_holds();
}
