//! The story, its recorded files, its twin and the chapter hold together.

use room::{Difference, Room};

pub(crate) fn room() -> Room {
    Room::new("streams", env!("CARGO_MANIFEST_DIR"), env!("CARGO_BIN_EXE_streams")).with_knob("reading", &[0, 60, 300])
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
    let claim = "asyncio_closes_a_generator_without_a_name_after_the_code_that_follows_the_loop";
    room().twin_agrees(&[Difference { what: "one by one connection closed", claim }]);
}

#[test]
fn the_chapter_holds() {
    room().chapter_holds();
}
