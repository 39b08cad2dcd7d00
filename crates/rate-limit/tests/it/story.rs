//! The story, its recorded files, its twin and the chapter hold together.

use room::Room;

pub(crate) fn room() -> Room {
    Room::new("rate-limit", env!("CARGO_MANIFEST_DIR"), env!("CARGO_BIN_EXE_rate-limit"))
        .with_naive_twin()
        .with_knob("burst", &[1, 3, 6])
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

#[test]
fn the_last_line_says_what_this_burst_and_these_clients_show() {
    let last = |flags: &[&str]| room().look(flags);
    assert!(last(&["--burst", "1"]).starts_with("dee, eve and fay wait in line, and ask 100 ms apart."));
    assert!(last(&["--burst", "3"]).starts_with("the burst lets dee start at once, and eve and fay wait."));
    assert!(last(&["--burst", "6"]).starts_with("the burst lets more calls start at once than the backend takes."));
    assert!(last(&["--clients", "1"]).ends_with("the limit does not fall."));
    assert_eq!(last(&["--clients", "1", "--naive"]), "five calls start within 30 ms, and the backend refuses two.");
}
