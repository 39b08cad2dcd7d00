//! The story, its recorded files, its twin and the chapter hold together.

use room::{Difference, Room};

pub(crate) fn room() -> Room {
    Room::new("errors", env!("CARGO_MANIFEST_DIR"), env!("CARGO_BIN_EXE_errors")).with_knob("busy", &[0, 1, 3])
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
    let claim = "asyncio_a_bug_is_an_exception_like_any_other";
    room().twin_agrees(&[
        Difference { what: "totals", claim },
        Difference { what: "night totals has a bug: panicked: 0 figures", claim },
        Difference { what: "night totals has a bug: 0 figures", claim },
    ]);
}

#[test]
fn the_chapter_holds() {
    room().chapter_holds();
}
