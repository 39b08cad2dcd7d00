//! The story, its recorded files, its twin and the chapter hold together.

use room::{Difference, Room};

pub(crate) fn room() -> Room {
    Room::new("event-loop", env!("CARGO_MANIFEST_DIR"), env!("CARGO_BIN_EXE_event-loop"))
        .on_the_real_clock()
        .with_naive_twin()
        .with_knob("pieces", &[3])
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
    room().twin_agrees(&[Difference {
        what: "tea is drunk",
        claim: "asyncio_a_timer_wakes_its_task_one_step_later_than_in_our_loop",
    }]);
}

#[test]
fn the_chapter_holds() {
    room().chapter_holds();
}
