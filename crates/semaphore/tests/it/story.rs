//! The story, its recorded files, its twin and the chapter hold together.

use room::Room;

pub(crate) fn room() -> Room {
    Room::new("semaphore", env!("CARGO_MANIFEST_DIR"), env!("CARGO_BIN_EXE_semaphore"))
        .with_naive_twin()
        .with_knob("limit", &[1, 2, 8])
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
    room().twin_agrees(&[]);
}

#[test]
fn the_chapter_holds() {
    room().chapter_holds();
}
