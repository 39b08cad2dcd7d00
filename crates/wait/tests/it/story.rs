//! The story, its recorded files, its twin and the chapter hold together.

use room::{Difference, Room};

pub(crate) fn room() -> Room {
    Room::new("wait", env!("CARGO_MANIFEST_DIR"), env!("CARGO_BIN_EXE_wait"))
        .with_naive_twin()
        .with_knob("limit", &[400, 1_200])
        .with_knob("patience", &[100, 500])
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
    let (left_running, refused) = ("asyncio_leaves_the_pending_tasks_running", "asyncio_wait_refuses_an_empty_set");
    let started = "asyncio_gives_a_new_task_a_turn_before_a_zero_timeout";
    room().twin_agrees(&[
        Difference { what: "ads answered", claim: left_running },
        Difference { what: "ads", claim: left_running },
        Difference { what: "corners waited for nobody: 0 done (0 failed), 0 pending", claim: refused },
        Difference { what: "corners waited for nobody: ValueError", claim: refused },
        Difference { what: "corners waited for no time: 0 done (0 failed), 1 pending", claim: started },
        Difference { what: "corners waited for no time: 1 done (0 failed), 0 pending", claim: started },
        Difference { what: "errand", claim: started },
    ]);
}

#[test]
fn the_chapter_holds() {
    room().chapter_holds();
}
