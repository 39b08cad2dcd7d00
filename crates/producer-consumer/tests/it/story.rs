//! The story, its recorded files, its twin and the chapter hold together.

use room::{Difference, Room};

pub(crate) fn room() -> Room {
    Room::new("producer-consumer", env!("CARGO_MANIFEST_DIR"), env!("CARGO_BIN_EXE_producer-consumer"))
        .with_knob("capacity", &[1, 4, 8])
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
    let no_end = "asyncios_consumers_never_see_an_end_and_must_be_cancelled";
    let lanes = ["consumer 1", "consumer 2", "consumer 3", "monitor"];
    let looks = ["monitor 2 in the queue", "monitor 0 in the queue"];
    let differences = lanes.into_iter().chain(looks).map(|what| Difference { what, claim: no_end });
    room().twin_agrees(&differences.collect::<Vec<_>>());
}

#[test]
fn the_chapter_holds() {
    room().chapter_holds();
}
