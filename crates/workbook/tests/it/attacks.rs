//! Nothing that a reader writes hangs or fools the program.

use std::time::Duration;

use crate::desk::{Desk, SOLUTION, START};

#[test]
fn an_endless_loop_is_ended() {
    let desk = Desk::new();
    desk.body("loop { std::hint::spin_loop() }");
    let said = desk.fails(&["✗ asks all at once", "Your answer hung and was ended"]);
    assert!(said.took < Duration::from_mins(1), "{:?}", said.took);
}

#[test]
fn a_deadlock_is_a_diagnosis() {
    let desk = Desk::new();
    desk.body("let _ = services[0].ask().await; let lock = tokio::sync::Mutex::new(()); let _one = lock.lock().await; let _two = lock.lock().await; todo!()");
    desk.fails(&["✗ asks all at once", "Nothing happens any more after 0.30 s: no call is under way"]);
}

#[test]
fn a_blocked_thread_is_ended() {
    let desk = Desk::new();
    desk.body("std::thread::sleep(std::time::Duration::from_secs(1_000)); todo!()");
    desk.fails(&["Your answer hung and was ended", "std::thread::sleep"]);
}

#[test]
fn a_locked_output_does_not_keep_the_verdict_back() {
    let desk = Desk::new();
    desk.body("let _out = std::io::stdout().lock(); loop { std::hint::spin_loop() }");
    desk.fails(&["Your answer hung and was ended"]);
}

#[test]
fn an_endless_print_is_bounded() {
    let desk = Desk::new();
    desk.body("loop { println!(\"again and again\") }");
    desk.fails(&["Your answer printed:\n  again and again", "  …", "Your answer hung and was ended"]);
}

#[test]
fn a_panic_is_said_in_its_words() {
    let desk = Desk::new();
    desk.body("panic!(\"what I did not expect\")");
    desk.fails(&["Your answer panicked: what I did not expect (crates/demo/exercises/ask_all/answer.rs:4)"]);
}

#[test]
fn a_stack_overflow_is_named() {
    let desk = Desk::new();
    desk.answer(
        &format!("{SOLUTION}\nfn deep(n: u64) -> u64 {{ if n == u64::MAX {{ 0 }} else {{ deep(n + 1) + 1 }} }}\n")
            .replace("    join_all", "    if deep(services.len() as u64) == 1 { return Vec::new() }\n    join_all"),
    );
    desk.fails(&["Your answer overflowed the stack"]);
}

#[test]
fn ending_the_program_is_no_way_to_pass() {
    let desk = Desk::new();
    desk.body("std::process::exit(0)");
    desk.fails(&["Your answer ended the program before the last check"]);
    desk.body("std::process::abort()");
    desk.fails(&["Your answer ended the program before the last check"]);
}

#[test]
fn a_forged_report_is_no_way_to_pass() {
    let desk = Desk::new();
    desk.body(
        "let file = std::env::var_os(\"EXAM_REPORT\").unwrap(); \
         std::fs::write(file, \"word\\ndemo/ask_all\\npassed\\nSolved.\\n\").unwrap(); std::process::exit(0)",
    );
    desk.fails(&["Your answer ended the program before the last check"]);
}

#[test]
fn an_emptied_answer_gets_the_words_of_rustc_and_the_way_back() {
    let desk = Desk::new();
    desk.answer("");
    desk.fails(&["error", "ask_all", "just reset demo/ask_all"]);
}

#[test]
fn a_deleted_function_gets_the_words_of_rustc_and_the_way_back() {
    let desk = Desk::new();
    desk.answer("pub async fn ask_some() {}\n");
    desk.fails(&[
        "cannot find",
        "ask_all",
        "pub async fn ask_all(services: Vec<Service>) -> Vec<Result<String, Failure>>",
    ]);
}

#[test]
fn another_signature_gets_the_right_one() {
    let desk = Desk::new();
    for (old, new) in [("pub async", "pub"), ("Vec<Service>", "&[Service]"), ("Vec<Result<String, Failure>>", "usize")]
    {
        desk.answer(&START.replace(old, new));
        desk.fails(&[
            "has to keep its name and its types",
            "pub async fn ask_all(services: Vec<Service>) -> Vec<Result",
        ]);
    }
}

#[test]
fn a_compile_error_is_said_about_the_readers_file_first() {
    let desk = Desk::new();
    desk.body("let answers: Vec<u32> = services; answers.nonsense()");
    let said = desk.fails(&["mismatched types", "crates/demo/exercises/ask_all/answer.rs:4", "does not compile yet"]);
    assert!(said.text.trim_start().starts_with("error"), "{}", said.text);
}

#[test]
fn a_forgotten_await_is_said_by_rustc() {
    let desk = Desk::new();
    desk.body("services[0].ask(); Vec::new()");
    desk.fails(&["rustc warns", "futures do nothing unless you `.await`", "✗ returns all results"]);
}

#[test]
fn an_edited_check_is_said_kindly_with_the_way_back() {
    let desk = Desk::new();
    desk.body("Vec::new()");
    desk.write("crates/demo/exercises/ask_all/check.rs", "fn main() {}\n");
    desk.fails(&["This is not what was shipped", "git restore crates/demo/exercises/ask_all/check.rs"]);
}

#[test]
fn an_answer_that_was_solved_and_edited_counts_as_begun() {
    let desk = Desk::new();
    desk.answer(SOLUTION);
    desk.workbook(&["try", "demo"]).succeeds();
    assert!(desk.workbook(&[]).text.contains("1 of 1 solved"));
    desk.answer(&SOLUTION.replace("join_all(", "/* edited */ join_all("));
    desk.workbook(&[]).has(&["begun", "0 of 1 solved"]);
    desk.answer(START);
    desk.workbook(&[]).has(&["not started"]);
}
