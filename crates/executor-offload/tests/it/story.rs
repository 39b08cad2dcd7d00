//! The story, its recorded files, its twin and the chapter hold together.

use room::{Difference, Room};

pub(crate) fn room() -> Room {
    Room::new("executor-offload", env!("CARGO_MANIFEST_DIR"), env!("CARGO_BIN_EXE_executor-offload"))
        .on_the_real_clock()
        .with_knob("limit", &[3])
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
    let place = "asyncio_gives_the_place_back_while_the_thread_goes_on";
    let context = "asyncio_copies_its_context_to_threads_and_tasks_but_not_to_executors";
    room().twin_agrees(&[
        Difference { what: "work 2", claim: place },
        Difference { what: "work 3", claim: place },
        Difference { what: "spawn_blocking sees no request", claim: context },
        Difference { what: "with_context sees request 7", claim: context },
        Difference { what: "spawn sees no request", claim: context },
        Difference { what: "to_thread sees request 7", claim: context },
        Difference { what: "create_task sees request 7", claim: context },
        Difference { what: "run_in_executor sees no request", claim: context },
    ]);
}

#[test]
fn the_chapter_holds() {
    room().chapter_holds();
}
