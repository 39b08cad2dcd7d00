//! The story, its recorded files, its twin and the chapter hold together.

use room::Room;

pub(crate) fn room() -> Room {
    Room::new("testing", env!("CARGO_MANIFEST_DIR"), env!("CARGO_BIN_EXE_testing"))
        .with_knob("patience", &[300, 700, 1_500])
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
fn the_last_line_says_what_the_test_found_also_with_little_patience() {
    let last = |flags: &[&str]| room().look(flags);
    assert!(last(&[]).starts_with("the right version passes"));
    assert!(last(&["--naive"]).starts_with("all five pass"));
    let too_impatient = "the test has too little patience: it fails the right version, too.";
    assert_eq!([last(&["--patience", "300"]), last(&["--patience", "10", "--naive"])], [too_impatient; 2]);
}
