//! The story, its recorded files, its twin and the chapter hold together.

use room::Room;

pub(crate) fn room() -> Room {
    Room::new("retry", env!("CARGO_MANIFEST_DIR"), env!("CARGO_BIN_EXE_retry"))
        .with_naive_twin()
        .with_knob("clients", &[100, 300])
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
fn the_last_line_says_that_many_get_no_answer_if_there_are_too_many_clients() {
    let told = room().told(&["--clients", "3000"]);
    assert!(told.contains("2128 of 3000 clients were answered"), "{told}");
    assert!(told.ends_with("and many get no answer."), "{told}");
}

#[test]
fn the_last_line_names_dee_and_fay_only_if_they_were_told_to_wait_and_stopped() {
    assert!(room().told(&[]).ends_with("eve asks once, fay stops in time."));
    let told = room().told(&["--clients", "100"]);
    assert!(told.contains("attempt 2: answered") && told.ends_with("the limit; eve asks once."), "{told}");
}

#[test]
fn both_stories_side_by_side_are_explained_once_and_said_to_be_the_same() {
    let told = room().told(&["--both"]);
    assert_eq!(told.matches("Look:").count(), 1, "{told}");
    let same = "asyncio tells the same lines in the same order, and its lanes end alike.";
    assert!(told.ends_with(same), "{told}");
    assert_eq!(told.matches("  peak 1000 of 40").count(), 2, "{told}");
}

#[test]
fn two_naive_stories_of_which_one_has_rows_of_numbers_are_said_to_differ_in_that() {
    let told = room().told(&["--both", "--naive"]);
    assert!(told.ends_with("Only Tokio's story has rows of numbers."), "{told}");
}
