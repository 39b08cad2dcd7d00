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
    said.has(&["✗ demo/ask_all: returns all results", "Why: cargo workbook try demo/ask_all"]);
    desk.workbook(&["test", "demo"]).has(&["Not all are there.", "the reference solution's"]);
    desk.answer(SOLUTION);
    let said = desk.workbook(&["test"]);
    said.succeeds();
    assert_eq!(said.text, "✓ demo/ask_all\nexercises: 1 of 1 solved, all done\n");
}

#[test]
fn the_next_exercise_is_the_same_wherever_it_is_named() {
    let desk = Desk::new();
    let manifest = desk.read("crates/demo/Cargo.toml");
    let (before, after) = manifest.split_once("[[test]]").unwrap();
    let target = |name: &str| {
        format!("[[test]]\nname = \"{name}\"\npath = \"exercises/{name}/check.rs\"\ntest = false\nharness = false\n\n")
    };
    let manifest =
        format!("{before}{}[[test]]{after}", target("earlier")).replace("[lints]", &(target("later") + "[lints]"));
    desk.write("crates/demo/Cargo.toml", &manifest);
    for name in ["earlier", "later"] {
        for file in ["start.rs", "answer.rs", "check.rs"] {
            desk.write(&format!("crates/demo/exercises/{name}/{file}"), "fn main() {}\n");
        }
    }
    desk.answer(SOLUTION);
    desk.workbook(&["try", "ask_all"]).has(&["exercises: 1 of 3 solved, next: demo/earlier"]);
    desk.workbook(&["test"]).has(&["next: demo/earlier"]);
    desk.workbook(&[]).has(&["next: demo/earlier", "cargo workbook watch demo/earlier"]);
}

#[test]
fn the_next_exercise_after_a_solved_one_is_of_the_same_topic_or_of_a_later_one() {
    let desk = Desk::new();
    let row = |topic: &str| format!("| [{topic}](crates/{topic}/README.md) |\n");
    desk.write("README.md", &(row("earlier") + &row("demo") + &row("last")));
    let manifest = desk.read("crates/demo/Cargo.toml");
    let target =
        "[[test]]\nname = \"later\"\npath = \"exercises/later/check.rs\"\ntest = false\nharness = false\n\n[lints]";
    desk.write("crates/demo/Cargo.toml", &manifest.replace("[lints]", target));
    let others = ["crates/earlier/exercises/first", "crates/demo/exercises/later", "crates/last/exercises/first"];
    for file in
        others.iter().flat_map(|folder| ["start.rs", "answer.rs", "check.rs"].map(|file| format!("{folder}/{file}")))
    {
        desk.write(&file, "fn main() {}\n");
    }
    for topic in ["earlier", "last"] {
        desk.write(&format!("crates/{topic}/Cargo.toml"), &format!("[package]\nname = \"{topic}\"\nedition = \"2024\"\n\n[[test]]\nname = \"{topic}_first\"\npath = \"exercises/first/check.rs\"\n"));
        desk.write(&format!("crates/{topic}/src/lib.rs"), "");
    }
    desk.workbook(&["test"]).has(&["next: earlier/first"]);
    desk.answer(SOLUTION);
    let said = desk.workbook(&["try", "ask_all"]);
    let (test, map) = (desk.workbook(&["test"]), desk.workbook(&[]));
    // Without the other exercise of the topic, a later topic is next, although an earlier one is not solved.
    desk.write("crates/demo/Cargo.toml", &manifest);
    let after_the_topic = desk.workbook(&[]);
    // The desk of the next test has one topic.
    let _ = ["earlier", "last"].map(|topic| std::fs::remove_dir_all(desk.root.join("crates").join(topic)));
    for said in [said, test, map] {
        said.has(&["1 of 4 solved, next: demo/later"]);
    }
    after_the_topic.has(&["1 of 3 solved, next: last/first"]);
}

#[test]
fn a_hint_for_an_answer_that_does_not_compile_is_first_the_compiler() {
    let desk = Desk::new();
    desk.body("Vec::new()");
    desk.fails(&["✗ returns all results"]);
    desk.body("services.nonsense()");
    desk.fails(&["does not compile yet"]);
    let said = desk.workbook(&["hint", "demo"]);
    said.has(&["does not compile yet, so no check has run", "cargo workbook try demo/ask_all", "ask again"]);
    assert!(!said.text.contains("step."), "{}", said.text);
    desk.workbook(&["hint", "demo"]).has(&["hint 2 of 2, for \"returns all results\""]);
    desk.fails(&["does not compile yet"]);
    desk.workbook(&["hint", "demo"]).has(&["so no check has run"]);
    // Once it is edited, the answer may compile.
    desk.fails(&["does not compile yet"]);
    desk.body("Vec::new()");
    desk.workbook(&["hint", "demo"]).has(&["hint 2 of 2", "ask again"]);
    desk.workbook(&["hint", "demo"]).has(&["hint 1 of 2"]);
}

#[test]
fn each_call_shows_one_more_hint() {
    let desk = Desk::new();
    desk.workbook(&["hint", "demo"]).has(&["hint 1 of 2", "The first step."]);
    let said = desk.workbook(&["hint", "demo"]);
    said.has(&["hint 2 of 2", "The second step."]);
    assert!(!said.text.contains("The first step."), "{}", said.text);
    desk.workbook(&["hint", "demo"]).has(&["The first step.", "The second step.", "--reveal"]);
}

#[test]
fn a_hint_for_a_solved_exercise_is_first_where_the_solution_is() {
    let desk = Desk::new();
    desk.answer(SOLUTION);
    desk.workbook(&["try", "demo"]).succeeds();
    let said = desk.workbook(&["hint", "demo"]);
    said.has(&["demo/ask_all is solved", "cargo workbook solution demo/ask_all\n", "ask again"]);
    assert!(!said.text.contains("step."), "{}", said.text);
    desk.workbook(&["hint", "demo"]).has(&["hint 1 of 2", "The first step."]);
    desk.workbook(&["hint", "demo"]).has(&["hint 2 of 2"]);
    // An edited answer is not solved.
    desk.body("Vec::new()");
    desk.workbook(&["hint", "demo"]).has(&["hint 1 of 2", "hint 2 of 2"]);
}

#[test]
fn the_first_hint_is_for_the_check_that_failed() {
    let desk = Desk::new();
    desk.body("Vec::new()");
    desk.fails(&["✗ returns all results"]);
    let said = desk.workbook(&["hint", "demo"]);
    said.has(&["hint 2 of 2, for \"returns all results\"", "The second step."]);
    assert!(!said.text.contains("no more hints"), "{}", said.text);
    // A hint for another check comes only if the reader asks once more.
    let said = desk.workbook(&["hint", "demo"]);
    said.has(&["hint 2 of 2", "The second step.", "no more hints for the check that failed last", "ask again"]);
    assert!(!said.text.contains("The first step."), "{}", said.text);
    let said = desk.workbook(&["hint", "demo"]);
    said.has(&["hint 1 of 2", "The first step."]);
    assert!(!said.text.contains("The second step."), "{}", said.text);
    desk.workbook(&["hint", "demo"]).has(&[
        "The first step.",
        "The second step.",
        "These are all the hints. The solution:\n\n    cargo workbook solution demo/ask_all --reveal\n",
    ]);
    // After an answer that passes, and after a reset, no check counts as failed.
    for answer in [SOLUTION, START] {
        desk.body("Vec::new()");
        desk.fails(&["✗ returns all results"]);
        desk.answer(answer);
        if answer == SOLUTION {
            desk.workbook(&["try", "demo"]).succeeds();
        } else {
            desk.body("Vec::new()");
            desk.workbook(&["reset", "demo"]).succeeds();
        }
        let progress = desk.read(".workbook/progress.txt");
        assert!(!progress.contains("failed="), "{progress}");
    }
}

#[test]
fn the_solution_is_shown_after_solving_or_with_reveal() {
    let desk = Desk::new();
    let said = desk.workbook(&["solution", "demo"]);
    assert_eq!(said.code, Some(1));
    assert!(!said.text.contains("join_all"), "{}", said.text);
    let said = desk.workbook(&["solution", "demo", "--reveal"]);
    said.has(&["-     todo!()", "+     join_all(services"]);
    assert!(!said.text.contains("//!"), "the task does not ask for {}", said.text);
    desk.answer(SOLUTION);
    desk.workbook(&["try", "demo"]).succeeds();
    desk.workbook(&["solution", "demo"]).has(&["      join_all(services"]);
    desk.write("crates/demo/Cargo.toml", &desk.read("crates/demo/Cargo.toml").replace(
        "\n[lints]",
        "\n[[test]]\nname = \"another\"\npath = \"exercises/another/check.rs\"\ntest = false\nharness = false\n\n[lints]",
    ));
    desk.write("crates/demo/exercises/another/start.rs", "//! Another.\n");
    desk.write("crates/demo/exercises/another/answer.rs", "//! Another.\n");
    // A topic stands for its solved exercise, and with --reveal for its next one.
    desk.workbook(&["solution", "demo"]).has(&["      join_all(services"]);
    desk.workbook(&["try", "demo"]).has(&["another"]);
}

#[test]
fn a_reset_keeps_what_the_reader_wrote() {
    let desk = Desk::new();
    desk.answer("// my own\n");
    desk.workbook(&["reset", "demo"]).has(&["Yours is kept in .workbook/backups/demo/ask_all-1.rs"]);
    assert_eq!(desk.read(ANSWER), START);
    assert_eq!(desk.read(".workbook/backups/demo/ask_all-1.rs"), "// my own\n");
    desk.answer("// another\n");
    desk.workbook(&["reset", "demo"]).succeeds();
    assert_eq!(desk.read(".workbook/backups/demo/ask_all-1.rs"), "// my own\n");
    assert_eq!(desk.read(".workbook/backups/demo/ask_all-2.rs"), "// another\n");
    desk.workbook(&["reset", "demo"]).has(&["untouched"]);
}

#[test]
fn an_exercise_that_was_solved_and_reset_is_shown_as_solved_before() {
    let desk = Desk::new();
    desk.workbook(&[]).has(&["demo  · ask_all 1\n"]);
    desk.answer(SOLUTION);
    desk.workbook(&["try", "demo"]).succeeds();
    desk.workbook(&[]).has(&["demo  ✓ ask_all 1\n"]);
    desk.workbook(&["reset", "demo"]).succeeds();
    desk.workbook(&[]).has(&["demo  ○ ask_all 1\n", "0 of 1 solved"]);
    desk.workbook(&["solution", "demo"]).has(&["+     join_all(services"]);
}

#[test]
fn a_reset_keeps_every_byte_of_an_answer_that_is_not_text() {
    let desk = Desk::new();
    let bytes = b"// caf\xe9\r\n\0\xff";
    desk.write(ANSWER, bytes);
    desk.workbook(&["reset", "demo"]).has(&["Yours is kept in .workbook/backups/demo/ask_all-1.rs"]);
    assert_eq!(std::fs::read(desk.root.join(".workbook/backups/demo/ask_all-1.rs")).unwrap(), bytes);
    assert_eq!(desk.read(ANSWER), START);
}

#[test]
fn a_reset_without_a_backup_names_none_and_changes_nothing() {
    let desk = Desk::new();
    std::fs::remove_file(desk.root.join(ANSWER)).unwrap();
    let said = desk.workbook(&["reset", "demo"]);
    said.succeeds();
    assert!(!said.text.contains("Yours"), "{}", said.text);
    assert_eq!(desk.read(ANSWER), START);
    // Nothing can be written below a file.
    std::fs::remove_dir_all(desk.root.join(".workbook")).unwrap();
    desk.answer("// my own\n");
    desk.write(".workbook", "");
    let said = desk.workbook(&["reset", "demo"]);
    std::fs::remove_file(desk.root.join(".workbook")).unwrap();
    assert_eq!(said.code, Some(2), "{}", said.text);
    assert_eq!(desk.read(ANSWER), "// my own\n");
}

#[test]
fn an_exercise_may_be_named_by_its_folder() {
    let desk = Desk::new();
    let full = desk.root.join("crates/demo/exercises/ask_all");
    for path in [
        "crates/demo/exercises/ask_all",
        "./crates/demo/exercises/ask_all/",
        ANSWER,
        full.to_str().unwrap(),
        "crates/demo",
    ] {
        desk.workbook(&["try", path]).has(&["Ask them all.", "Not started yet."]);
    }
}

#[test]
fn a_workspace_without_exercises_is_not_the_workbook() {
    let desk = Desk::new();
    let other = desk.root.join("other");
    desk.write("other/Cargo.toml", "[workspace]\n");
    desk.write("other/crates/one/Cargo.toml", "[package]\nname = \"one\"\n");
    let output = desk.command(&[]).current_dir(&other).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8(output.stderr).unwrap().contains("This is not the workbook"));
    std::fs::remove_dir_all(other).unwrap();
}

#[test]
fn hints_and_verdicts_are_shown_where_nothing_can_be_saved() {
    let desk = Desk::new();
    desk.write(".workbook", "");
    let hint = desk.workbook(&["hint", "demo"]);
    desk.answer(SOLUTION);
    let verdict = desk.workbook(&["try", "demo"]);
    std::fs::remove_file(desk.root.join(".workbook")).unwrap();
    hint.has(&["The first step.", "Your progress could not be saved"]);
    verdict.has(&["Solved.", "Your progress could not be saved"]);
}

#[test]
fn no_text_names_a_command_that_may_be_missing() {
    let desk = Desk::new();
    desk.body("Vec::new()");
    for words in [&[][..], &["test"], &["try", "demo"], &["hint", "demo"], &["solution", "demo"], &["help"]] {
        let said = desk.workbook(words);
        assert!(!said.text.contains("just "), "{}", said.text);
    }
}

#[test]
fn a_wrong_word_gets_the_right_ones() {
    let desk = Desk::new();
    for (words, answer) in [
        (vec!["try", "demo/nothing"], "There is no exercise `demo/nothing`: this topic has demo/ask_all."),
        (vec!["try", "ask_al"], "There is no exercise `ask_al`: did you mean ask_all?"),
        (vec!["try", "poetry"], "There is no exercise `poetry`: `cargo workbook` lists them all."),
        (vec!["test", "nothing"], "There is no topic `nothing`. There are: demo."),
        (vec!["try"], "Which exercise? For example:\n    cargo workbook try demo/ask_all\n"),
        (vec!["try", "demo/ask_al"], "There is no exercise `demo/ask_al`: did you mean demo/ask_all?"),
        (vec!["dance"], "does not know `dance`. The commands are map, test, try, watch"),
        (vec!["tri", "demo"], "does not know `tri`: did you mean `try`?\nSee: cargo workbook help"),
        (vec!["hint", "demo", "2"], "does not know `hint demo 2`.\nSee: cargo workbook help"),
        (vec!["--dance"], "There is no flag --dance.\nSee: cargo workbook help"),
        (vec!["hint", "demo", "--full"], "--full goes with `try` only.\nSee: cargo workbook help"),
        (vec!["try", "demo", "--reveal"], "--reveal goes with `solution` only."),
        (vec!["--show"], "--show goes with `verify` only."),
    ] {
        let said = desk.workbook(&words);
        assert_eq!(said.code, Some(2), "{}", said.text);
        said.has(&[answer]);
    }
}

#[test]
fn the_map_is_found_by_other_names() {
    let desk = Desk::new();
    let map = desk.workbook(&[]).text;
    for name in ["map", "list", "next"] {
        assert_eq!(desk.workbook(&[name]).text, map);
    }
}

#[test]
fn what_an_answer_prints_is_shown_by_check() {
    let desk = Desk::new();
    desk.body("println!(\"a line\"); eprint!(\"without an end\"); Vec::new()");
    let said = desk.fails(&["Your answer printed in \"returns all results\":\n  a line\n  without an end\n\n"]);
    assert!(!said.text.contains("asks all at once"), "{}", said.text);
    desk.workbook(&["try", "demo", "--full"]).has(&[
        "Your answer printed in \"asks all at once\":\n  a line\n  without an end\n\n",
        "Your answer printed in \"returns all results\":\n  a line\n  without an end\n\n",
    ]);
}

#[test]
fn the_help_fits_a_terminal_of_80_columns() {
    let said = Desk::new().workbook(&["help"]);
    for line in said.text.lines() {
        assert!(line.chars().count() < 80, "{line}");
    }
}

#[test]
fn commands_for_an_unsolved_exercise_fit_a_terminal_of_80_columns() {
    let said = Desk::new().workbook(&["solution", "demo/ask_all"]);
    said.has(&["not solved yet", "cargo workbook hint demo/ask_all"]);
    for line in said.text.lines() {
        let line = line.replace("demo/ask_all", "a-topic-of-words/a-name-of-30s");
        assert!(line.chars().count() < 80, "{line}");
    }
}

#[test]
fn without_a_terminal_watch_says_what_to_use() {
    let said = Desk::new().workbook(&["watch", "demo"]);
    assert_eq!(said.code, Some(2));
    said.has(&["watch needs a terminal", "cargo workbook try demo/ask_all"]);
}

#[test]
fn a_damaged_progress_file_loses_only_its_damaged_lines() {
    let desk = Desk::new();
    desk.write(".workbook/progress.txt", "\n\u{0}nonsense\ndemo/ask_all hints=1\nhints\n= = =\n");
    desk.workbook(&[]).succeeds();
    desk.workbook(&["hint", "demo"]).has(&["hint 2 of 2"]);
}

#[test]
fn a_rewritten_progress_file_keeps_everything_that_was_in_it() {
    let desk = Desk::new();
    desk.write(".workbook/progress.txt", b"demo/other hints=2 solved=ab\n\xff\xfe\ndemo/third hints=many later=1\n");
    desk.workbook(&["hint", "demo"]).has(&["hint 1 of 2"]);
    let progress = desk.read(".workbook/progress.txt");
    for line in ["demo/ask_all hints=1", "demo/other hints=2 solved=ab", "demo/third hints=many later=1"] {
        assert!(progress.lines().any(|other| other == line), "{progress}");
    }
}

#[test]
fn a_progress_file_that_cannot_be_read_is_not_replaced() {
    let desk = Desk::new();
    desk.write(".workbook/progress.txt/a_folder", "");
    let said = desk.workbook(&["hint", "demo"]);
    said.has(&["The first step.", "Your progress could not be saved"]);
    assert!(desk.root.join(".workbook/progress.txt/a_folder").is_file());
}
