//! What the reader types.

use crate::desk::{Desk, SOLUTION, START};

const ANSWER: &str = "crates/demo/exercises/ask_all/answer.rs";

#[test]
fn a_fresh_clone_is_green() {
    let desk = Desk::new();
    let said = desk.workbook(&["test"]);
    said.succeeds();
    assert_eq!(said.text, "exercises: 0 of 1 solved, next: demo/ask_all\n");
    let said = desk.workbook(&["try", "ask_all"]);
    said.succeeds();
    said.has(&["Ask them all.", "Not started yet. Edit crates/demo/exercises/ask_all/answer.rs"]);
    assert!(!said.text.contains("The first step"), "{}", said.text);
    desk.workbook(&["test", "demo"]).succeeds();
}

#[test]
fn a_begun_answer_counts() {
    let desk = Desk::new();
    desk.body("Vec::new()");
    let said = desk.workbook(&["test"]);
    assert_eq!(said.code, Some(1), "{}", said.text);
    said.has(&["✗ demo/ask_all: returns all results", "just try demo/ask_all"]);
    desk.workbook(&["test", "demo"]).has(&["Not all are there.", "possible (virtual clock)"]);
    desk.answer(SOLUTION);
    let said = desk.workbook(&["test"]);
    said.succeeds();
    assert_eq!(said.text, "✓ demo/ask_all\nexercises: 1 of 1 solved, all done\n");
}

#[test]
fn hints_come_one_at_a_time() {
    let desk = Desk::new();
    desk.workbook(&["hint", "demo"]).has(&["hint 1 of 2", "The first step."]);
    let said = desk.workbook(&["hint", "demo"]);
    said.has(&["hint 2 of 2", "The second step."]);
    assert!(!said.text.contains("The first step."), "{}", said.text);
    desk.workbook(&["hint", "demo"]).has(&["The first step.", "The second step.", "--reveal"]);
}

#[test]
fn the_solution_waits_until_it_is_solved_or_asked_for() {
    let desk = Desk::new();
    let said = desk.workbook(&["solution", "demo"]);
    assert_eq!(said.code, Some(1));
    assert!(!said.text.contains("join_all"), "{}", said.text);
    let said = desk.workbook(&["solution", "demo", "--reveal"]);
    said.has(&["-     todo!()", "+     join_all(services"]);
    assert!(!said.text.contains("//!"), "nobody was asked to write {}", said.text);
    desk.answer(SOLUTION);
    desk.workbook(&["try", "demo"]).succeeds();
    desk.workbook(&["solution", "demo"]).has(&["      join_all(services"]);
}

#[test]
fn a_reset_keeps_what_the_reader_wrote() {
    let desk = Desk::new();
    desk.answer("// my own\n");
    desk.workbook(&["reset", "demo"]).has(&["Yours is in .workbook/backups/demo/ask_all-1.rs"]);
    assert_eq!(desk.read(ANSWER), START);
    assert_eq!(desk.read(".workbook/backups/demo/ask_all-1.rs"), "// my own\n");
    desk.answer("// another\n");
    desk.workbook(&["reset", "demo"]).succeeds();
    assert_eq!(desk.read(".workbook/backups/demo/ask_all-1.rs"), "// my own\n");
    assert_eq!(desk.read(".workbook/backups/demo/ask_all-2.rs"), "// another\n");
    desk.workbook(&["reset", "demo"]).has(&["untouched"]);
}

#[test]
fn a_wrong_word_is_answered_with_what_there_is() {
    let desk = Desk::new();
    for (words, answer) in [
        (vec!["try", "demo/nothing"], "There is no exercise `demo/nothing`: demo/ask_all."),
        (vec!["test", "nothing"], "There is no topic `nothing`. There are: demo."),
        (vec!["try"], "Which exercise? For example: cargo workbook try demo/ask_all"),
        (vec!["dance"], "does not know `dance`"),
        (vec!["--dance"], "There is no flag --dance"),
    ] {
        let said = desk.workbook(&words);
        assert_eq!(said.code, Some(2), "{}", said.text);
        said.has(&[answer]);
    }
}

#[test]
fn without_a_terminal_watch_says_what_to_use() {
    let said = Desk::new().workbook(&["watch", "demo"]);
    assert_eq!(said.code, Some(2));
    said.has(&["watch needs a terminal", "just try demo/ask_all"]);
}

#[test]
fn a_damaged_progress_file_loses_only_its_damaged_lines() {
    let desk = Desk::new();
    desk.write(".workbook/progress.txt", "\n\u{0}nonsense\ndemo/ask_all hints=1\nhints\n= = =\n");
    desk.workbook(&[]).succeeds();
    desk.workbook(&["hint", "demo"]).has(&["hint 2 of 2"]);
}

#[test]
fn a_progress_file_is_written_anew_with_all_that_was_in_it() {
    let desk = Desk::new();
    desk.write(".workbook/progress.txt", b"demo/other hints=2 solved=ab\n\xff\xfe\ndemo/third hints=many later=1\n");
    desk.workbook(&["hint", "demo"]).has(&["hint 1 of 2"]);
    let progress = desk.read(".workbook/progress.txt");
    for line in ["demo/ask_all hints=1", "demo/other hints=2 solved=ab", "demo/third hints=0 hints=many later=1"] {
        assert!(progress.lines().any(|other| other == line), "{progress}");
    }
}

#[test]
fn a_progress_file_that_cannot_be_read_is_not_replaced() {
    let desk = Desk::new();
    desk.write(".workbook/progress.txt/a_folder", "");
    let said = desk.workbook(&["hint", "demo"]);
    assert_eq!(said.code, Some(2), "{}", said.text);
    said.has(&["progress.txt cannot be read"]);
}
