//! The story, its recorded files, its twin and the chapter hold together.

use room::{Difference, Room};

pub(crate) fn room() -> Room {
    Room::new("timeouts", env!("CARGO_MANIFEST_DIR"), env!("CARGO_BIN_EXE_timeouts"))
        .with_knob("limit", &[200, 400, 1_000, 1_400])
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
    let same_instant = "asyncio_times_out_if_the_result_comes_at_the_same_instant";
    let never_starts = "asyncio_wait_for_of_zero_never_starts_the_coroutine";
    let waits = "asyncio_wait_for_waits_for_the_clean_up";
    room().twin_agrees(&[
        Difference { what: "same instant in time, in time", claim: same_instant },
        Difference { what: "same instant too late, too late", claim: same_instant },
        Difference { what: "sleeper 1", claim: same_instant },
        Difference { what: "sleeper 2", claim: same_instant },
        Difference { what: "ready asked", claim: never_starts },
        Difference { what: "ready", claim: never_starts },
        Difference { what: "no time in time, too late", claim: never_starts },
        Difference { what: "no time too late, too late", claim: never_starts },
        Difference { what: "call hung up", claim: waits },
        Difference { what: "request no answer", claim: waits },
    ]);
}

#[test]
fn the_chapter_holds() {
    room().chapter_holds();
}
