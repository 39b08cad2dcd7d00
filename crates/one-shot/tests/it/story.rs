//! The story, its recorded files, its twin and the chapter hold together.

use room::{Difference, Room};

pub(crate) fn room() -> Room {
    Room::new("one-shot", env!("CARGO_MANIFEST_DIR"), env!("CARGO_BIN_EXE_one-shot"))
        .with_knob("patience", &[200, 500, 700, 1_000])
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
    let for_ever = "the_reader_learns_that_nobody_will_write_and_in_asyncio_waits_in_vain";
    let no_end = "the_office_ends_with_its_callers_and_in_asyncio_it_is_cancelled";
    room().twin_agrees(&[
        Difference { what: "reader nobody will answer", claim: for_ever },
        Difference { what: "reader", claim: for_ever },
        Difference { what: "office", claim: no_end },
    ]);
}

#[test]
fn the_chapter_holds() {
    room().chapter_holds();
}
