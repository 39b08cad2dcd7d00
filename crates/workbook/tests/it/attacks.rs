//! Nothing that a reader writes can hang or fool the program.

use std::time::Duration;

use crate::desk::{Desk, SOLUTION, START};

#[test]
fn an_endless_loop_is_stopped() {
    let desk = Desk::new();
    desk.body("loop { std::hint::spin_loop() }");
    let said = desk.fails(&["✗ asks all at once", "Your answer hung and was stopped"]);
    assert!(said.took < Duration::from_mins(1), "{:?}", said.took);
}

#[test]
fn a_deadlock_is_diagnosed() {
    let desk = Desk::new();
    desk.body("let _ = services[0].ask().await; let lock = tokio::sync::Mutex::new(()); let _one = lock.lock().await; let _two = lock.lock().await; todo!()");
    desk.fails(&["✗ asks all at once", "Nothing happens after 0.30 s: no call is open"]);
}

#[test]
fn a_blocked_thread_is_stopped() {
    let desk = Desk::new();
    desk.body("std::thread::sleep(std::time::Duration::from_secs(1_000)); todo!()");
    desk.fails(&["Your answer hung and was stopped", "std::thread::sleep"]);
}

#[test]
fn a_locked_output_does_not_block_the_verdict() {
    let desk = Desk::new();
    desk.body("let _out = std::io::stdout().lock(); loop { std::hint::spin_loop() }");
    desk.fails(&["Your answer hung and was stopped"]);
}

#[test]
fn an_output_that_stays_locked_changes_no_verdict() {
    let desk = Desk::new();
    let lock = "let lock = || std::mem::forget((std::io::stdout().lock(), std::io::stderr().lock()));";
    for lock_it in ["lock()", "std::thread::spawn(lock).join().unwrap()"] {
        let once = format!(
            "{lock}\n    static ONCE: std::sync::Once = std::sync::Once::new();\n    ONCE.call_once(|| {lock_it});"
        );
        let body = format!("{once}\n    let mut all = join_all(");
        desk.answer(&SOLUTION.replace("join_all(", &body).replace(".await", ".await;\n    all.pop();\n    all"));
        let said = desk.fails(&["✗ returns all results", "Not all are there."]);
        assert!(!said.text.contains("hung"), "{}", said.text);
    }
}

#[test]
fn an_endless_print_is_bounded() {
    let desk = Desk::new();
    desk.body("loop { println!(\"again and again\") }");
    desk.fails(&[
        "Your answer printed in \"asks all at once\":\n  again and again",
        "  …",
        "Your answer hung and was stopped",
    ]);
}

#[test]
fn a_panic_is_quoted() {
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
fn an_answer_that_ends_the_program_does_not_pass() {
    let desk = Desk::new();
    desk.body("std::process::exit(0)");
    desk.fails(&["Your answer ended the program before the last check"]);
    desk.body("std::process::abort()");
    desk.fails(&["Your answer ended the program before the last check"]);
}

#[test]
fn an_answer_that_forges_the_report_does_not_pass() {
    let desk = Desk::new();
    desk.body(
        "let file = std::env::var_os(\"EXAM_REPORT\").unwrap(); \
         std::fs::write(file, \"word\\ndemo/ask_all\\npassed\\nSolved.\\n\").unwrap(); std::process::exit(0)",
    );
    desk.fails(&["Your answer ended the program before the last check"]);
}

#[test]
fn an_empty_answer_gets_rustcs_error_and_the_command_to_reset() {
    let desk = Desk::new();
    desk.answer("");
    let said = desk.fails(&["error", "ask_all", "cargo workbook reset demo/ask_all"]);
    assert!(!said.text.contains("crate::solution"), "the way to the solution:\n{}", said.text);
}

#[test]
fn a_deleted_function_gets_rustcs_error_and_the_command_to_reset() {
    let desk = Desk::new();
    desk.answer("pub async fn ask_some() {}\n");
    desk.fails(&[
        "cannot find",
        "ask_all",
        "pub async fn ask_all(services: Vec<Service>) -> Vec<Result<String, Failure>>",
    ]);
}

#[test]
fn a_changed_signature_gets_the_right_one() {
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
fn an_answer_that_is_not_send_is_told_where_and_why() {
    let desk = Desk::new();
    let check = desk.read("crates/demo/exercises/ask_all/check.rs");
    let spawned = "async |services| tokio::spawn(answer::ask_all(services)).await.unwrap())";
    desk.write("crates/demo/exercises/ask_all/check.rs", &check.replace("answer::ask_all)", spawned));
    desk.workbook(&["seal"]).succeeds();
    for (held, entry) in [
        ("let lock = std::sync::Mutex::new(7);\n    let held = lock.lock().unwrap();", "entry 5"),
        ("let held = std::rc::Rc::new(7);", "entry 4"),
    ] {
        desk.body(&format!("{held}\n    services[0].ask().await;\n    drop(held);\n    Vec::new()"));
        let line = 5 + held.lines().count() - 1;
        let said = desk.fails(&[
            &format!("Your answer is not `Send`: line {line} of answer.rs awaits while it holds a value"),
            &format!("{entry} of docs/src/spawn-errors.md"),
            "restore the original file. Yours is kept:\n\n    cargo workbook reset demo/ask_all\n",
        ]);
        assert!(!said.text.contains("has to keep its name"), "{}", said.text);
    }
}

#[test]
fn only_an_error_that_the_book_explains_gets_a_link_to_it() {
    let desk = Desk::new();
    desk.body("let first: u32 = services[0].ask(); Vec::new()");
    desk.fails(&["found future", "entry 2 of docs/src/compile-errors.md"]);
    desk.body("match tokio::time::timeout(exam::ms(9), services[0].ask()) { Ok(answer) => vec![answer], Err(_) => Vec::new() }");
    desk.fails(&["expected `Timeout<", "entry 2 of docs/src/compile-errors.md"]);
    desk.body("for service in &services { yield service.ask().await; } Vec::new()");
    desk.fails(&["yield syntax is experimental", "See entry 11 of docs/src/compile-errors.md."]);
    desk.body("let name = String::new(); let mut tasks = tokio::task::JoinSet::new(); for service in &services { tasks.spawn(async move { drop(name); service.ask().await }); } tasks.join_all().await");
    desk.fails(&["E0597", "E0382", "See entry 8 of docs/src/spawn-errors.md and entry 3 of"]);
    desk.body("let text: std::io::Result<String> = (|| Ok(String::from_utf8(vec![])?))(); Vec::new()");
    let said = desk.fails(&["FromUtf8Error", "Your answer does not compile yet."]);
    assert!(!said.text.contains("docs/src"), "{}", said.text);
}

#[test]
fn compile_errors_in_the_readers_file_come_first() {
    let desk = Desk::new();
    desk.body("let answers: Vec<u32> = services; answers.nonsense()");
    let said = desk.fails(&["mismatched types", "crates/demo/exercises/ask_all/answer.rs:4", "does not compile yet"]);
    assert!(said.text.trim_start().starts_with("error"), "{}", said.text);
}

#[test]
fn a_forgotten_await_gets_rustcs_warning() {
    let desk = Desk::new();
    desk.body("services[0].ask(); Vec::new()");
    desk.fails(&["rustc warns", "futures do nothing unless you `.await`", "✗ returns all results"]);
}

#[test]
fn an_answer_that_fails_and_reads_the_clock_of_std_is_told_which_clock_the_checks_have() {
    let desk = Desk::new();
    let told = "take `tokio::time::Instant`";
    for body in [
        "let _begun = std::time::Instant::now(); Vec::new()",
        "use std::time::{Duration, Instant}; let _ = (Instant::now(), Duration::ZERO); Vec::new()",
        "let _ = std::time::SystemTime::now(); Vec::new()",
    ] {
        desk.body(body);
        let said = desk.fails(&["the clock of `std::time`", "✗ returns all results"]);
        assert!(said.text.split_whitespace().collect::<Vec<_>>().join(" ").contains(told), "{}", said.text);
    }
    for body in ["// std::time::Instant\n Vec::new()", "use std::time::Duration; let _ = Duration::ZERO; Vec::new()"] {
        desk.body(body);
        let said = desk.fails(&["✗ returns all results"]);
        assert!(!said.text.contains("clock"), "{}", said.text);
    }
}

#[test]
fn an_edited_check_gets_the_command_to_restore_it() {
    let desk = Desk::new();
    desk.body("Vec::new()");
    desk.write("crates/demo/exercises/ask_all/check.rs", "fn main() {}\n");
    desk.fails(&[
        "Files that belong to the exercise were edited",
        "git restore crates/demo/exercises/ask_all/check.rs",
    ]);
}

#[test]
fn an_answer_that_was_solved_and_edited_counts_as_begun() {
    let desk = Desk::new();
    desk.answer(SOLUTION);
    desk.workbook(&["try", "demo"]).succeeds();
    assert!(desk.workbook(&[]).text.contains("1 of 1 solved"));
    desk.answer(&SOLUTION.replace("join_all(", "/* edited */ join_all("));
    desk.workbook(&[]).has(&["► ask_all 1", "0 of 1 solved"]);
    desk.answer(START);
    desk.workbook(&[]).has(&["○ ask_all 1", "0 of 1 solved"]);
}

#[test]
fn an_answer_that_calls_the_solution_is_refused() {
    let desk = Desk::new();
    for body in [
        "super::solution::ask_all(services).await",
        "crate :: solution :: ask_all(services).await",
        "use super::*; solution::ask_all(services).await",
        "use super::{solution as mine}; mine::ask_all(services).await",
    ] {
        desk.body(body);
        desk.fails(&["✗ Your answer uses the solution of the exercise."]);
    }
    // The bare words are allowed: in a comment, and in the reader's own names.
    desk.answer(&SOLUTION.replace(
        "    join_all(",
        "    // super::solution::ask_all does the same.\n    let my_solution = 1;\n    let _ = my_solution;\n    join_all(",
    ));
    desk.workbook(&["try", "demo"]).succeeds();
}

#[test]
fn an_answer_that_is_not_utf8_gets_a_sentence() {
    let desk = Desk::new();
    desk.write("crates/demo/exercises/ask_all/answer.rs", b"// caf\xe9\n");
    let said = desk.workbook(&["try", "demo"]);
    assert_eq!(said.code, Some(2), "{}", said.text);
    said.has(&["answer.rs is not UTF-8 text. Save it as UTF-8 in your editor."]);
    let said = desk.workbook(&["test"]);
    assert_eq!(said.code, Some(1), "{}", said.text);
    said.has(&["✗ demo/ask_all: ", "exercises: 0 of 1 solved"]);
}

#[test]
fn an_unknown_crate_gets_the_list_of_the_available_ones() {
    let desk = Desk::new();
    desk.body("use surely_missing::Thing; Thing::new()");
    desk.fails(&["surely_missing", "This exercise has these crates: async-channel, futures, tokio,"]);
    desk.answer(&SOLUTION.replace(
        "    join_all(",
        "    use tokio_stream::wrappers::ReceiverStream;\n    use tokio_util::{codec::LinesCodec, task::AbortOnDropHandle};\n\n    \
         let (_send, receive) = tokio::sync::mpsc::channel::<u8>(1);\n    \
         drop((ReceiverStream::new(receive), LinesCodec::new(), async_channel::bounded::<u8>(1)));\n    \
         drop(AbortOnDropHandle::new(tokio::spawn(async {})));\n    join_all(",
    ));
    desk.workbook(&["try", "demo"]).succeeds();
}

#[test]
fn what_an_answer_prints_does_not_control_the_terminal() {
    let desk = Desk::new();
    desk.body("println!(\"red \\x1b[31mink\\x1b[0m, cleared \\x1b[2J\\x07\\rback\"); Vec::new()");
    let said = desk.fails(&["red ink, cleared back", "Not all are there."]);
    assert!(!said.text.contains(['\x1b', '\x07', '\r']), "{:?}", said.text);
}

#[test]
fn each_way_to_end_the_program_gets_its_own_explanation() {
    let desk = Desk::new();
    desk.body("let room = Vec::<u8>::with_capacity(usize::MAX >> 2); drop(room); Vec::new()");
    desk.fails(&["Your answer asked for more memory than there is"]);
    desk.body("struct Falls; impl Drop for Falls { fn drop(&mut self) { panic!() } } let _falls = Falls; panic!()");
    desk.fails(&["A `Drop` panicked during another panic"]);
    desk.body("rayon::spawn(|| panic!()); std::thread::sleep(std::time::Duration::from_secs(2)); Vec::new()");
    desk.fails(&["gave to `rayon::spawn` panicked"]);
}

#[test]
fn a_drop_that_never_returns_is_stopped() {
    let desk = Desk::new();
    desk.answer(&SOLUTION.replace(
        "    join_all(",
        "    struct Stays;\n    impl Drop for Stays {\n        fn drop(&mut self) {\n            loop {}\n        }\n    }\n    \
         thread_local!(static STAYS: Stays = const { Stays });\n    STAYS.with(|_| ());\n    join_all(",
    ));
    let said = desk.fails(&["All checks passed, but then the program did not end"]);
    assert!(said.took < Duration::from_mins(1), "{:?}", said.took);
}

#[cfg(unix)]
#[test]
fn the_program_works_whatever_stands_in_the_reports_place() {
    let desk = Desk::new();
    let put = |how: &str| {
        desk.body(&format!(
            "let file = std::env::var(\"EXAM_REPORT\").unwrap(); println!(\"at {{file}}\"); {how}; std::process::exit(0)"
        ));
        let said = desk.fails(&["Your answer ended the program before the last check"]);
        let place = said.text.lines().find_map(|line| line.trim().strip_prefix("at ")).unwrap().to_owned();
        assert!(std::fs::symlink_metadata(&place).is_err(), "{place} is still there");
    };
    put("std::fs::create_dir_all(format!(\"{file}/deep\")).unwrap()");
    put("std::process::Command::new(\"mkfifo\").arg(&file).status().unwrap()");
}

#[cfg(target_os = "linux")]
#[test]
fn a_process_that_an_answer_started_ends_with_it() {
    let desk = Desk::new();
    desk.body(
        "let child = std::process::Command::new(\"sleep\").arg(\"600\").spawn().unwrap(); println!(\"pid {}\", child.id()); Vec::new()",
    );
    let said = desk.fails(&["Not all are there."]);
    let id = said.text.lines().find_map(|line| line.trim().strip_prefix("pid ")).unwrap();
    let state = || std::fs::read_to_string(format!("/proc/{id}/stat")).unwrap_or_default();
    let lives = || !matches!(state().rsplit(") ").next().unwrap_or_default().chars().next(), None | Some('Z' | 'X'));
    // A killed process ends soon, but not at once.
    for _ in 0..1_000 {
        if !lives() {
            return;
        }
        std::thread::sleep(Duration::from_millis(10));
    }
    panic!("process {id} is still there: {}", state());
}
