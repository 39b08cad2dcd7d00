//! The story, its recorded files, its twin and the chapter hold together.

use room::{Difference, Room};

pub(crate) fn room() -> Room {
    Room::new("cancellation", env!("CARGO_MANIFEST_DIR"), env!("CARGO_BIN_EXE_cancellation"))
        .with_knob("grace", &[150, 250, 900])
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
    let throws = "asyncio_throws_into_a_worker_where_a_token_lets_it_return";
    let swallows = "asyncio_lets_a_task_swallow_its_cancellation";
    room().twin_agrees(&[
        Difference { what: "first", claim: throws },
        Difference { what: "second", claim: throws },
        Difference { what: "third", claim: throws },
        Difference { what: "deaf not now", claim: swallows },
        Difference { what: "deaf", claim: swallows },
        Difference { what: "workers 4 stopped, 1 aborted", claim: swallows },
        Difference { what: "workers 4 stopped, 1 still running", claim: swallows },
    ]);
}

#[test]
fn the_chapter_holds() {
    room().chapter_holds();
}
