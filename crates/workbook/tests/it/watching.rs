//! `watch` in a terminal: what it shows at a save, and its keys.

use rexpect::session::{PtySession, spawn_command};

use crate::desk::{Desk, SOLUTION, START};

/// How long to wait for output that must come. No test judges by time.
const PATIENCE: Option<u64> = Some(60_000);

/// The last line of what is shown.
const KEYS: &str = "q quit";

struct Watch(PtySession);

impl Watch {
    fn start(desk: &Desk) -> Self {
        let mut command = desk.command(&["watch", "demo"]);
        command.env("TERM", "xterm").env("NO_COLOR", "1").env("COLUMNS", "80");
        Self(spawn_command(command, PATIENCE).unwrap())
    }

    /// Waits until the screen shows this.
    #[track_caller]
    fn shows(&mut self, words: &str) {
        if let Err(error) = self.0.exp_string(words) {
            panic!("{words:?} is not shown: {error}");
        }
    }

    /// What is on the screen, from its first line to the line of keys.
    #[track_caller]
    fn screen(&mut self) -> String {
        // `exp_string` returns each byte as a character.
        let all: Vec<u8> = self.0.exp_string(KEYS).unwrap().chars().map(|byte| byte as u8).collect();
        let all = String::from_utf8(all).unwrap();
        console::strip_ansi_codes(all.rsplit("\x1b[2J").next().unwrap()).trim_start_matches('\r').to_owned() + KEYS
    }

    /// The first screen that contains these words.
    #[track_caller]
    fn screen_with(&mut self, words: &str) -> String {
        loop {
            let screen = self.screen();
            if screen.contains(words) {
                return screen;
            }
        }
    }

    fn press(&mut self, key: &str) {
        self.0.send(key).unwrap();
        self.0.flush().unwrap();
    }

    #[track_caller]
    fn ends(mut self) {
        self.0.exp_eof().unwrap();
        let status = self.0.process().wait().unwrap();
        assert!(format!("{status:?}").starts_with("Exited") && format!("{status:?}").ends_with("0)"), "{status:?}");
    }
}

#[test]
fn in_a_terminal_an_error_is_wrapped_between_words() {
    let desk = Desk::new();
    let mut command = desk.command(&["watch", "demo/nothing"]);
    command.env("COLUMNS", "40");
    let mut session = spawn_command(command, PATIENCE).unwrap();
    let said = session.exp_eof().unwrap();
    assert_eq!(said, "There is no exercise `demo/nothing`:\r\nthis topic has demo/ask_all.\r\n");
}

#[test]
fn a_save_gets_a_verdict_and_the_keys_give_hints_go_on_and_quit() {
    let desk = Desk::new();
    let mut watch = Watch::start(&desk);
    watch.shows("Ask them all.");
    watch.shows(KEYS);
    desk.body("Vec::new()");
    watch.shows("Not all are there.");
    watch.shows(KEYS);
    // The hint for the check that failed comes first.
    watch.press("h");
    watch.shows("The second step.");
    watch.press("h");
    watch.shows("There are no more hints for the check that failed last.");
    watch.press("h");
    watch.shows("The first step.");
    watch.press("r");
    watch.shows("Not all are there.");
    // A hint stays below the verdict.
    watch.shows("The first step.");
    desk.answer(SOLUTION);
    watch.shows("Solved.");
    watch.shows(KEYS);
    // The course has one exercise, so the next one is the same.
    watch.press("n");
    watch.shows("Solved.");
    watch.press("q");
    watch.ends();
}

#[test]
fn a_hint_goes_and_the_verdict_is_short_again_when_another_check_fails() {
    let desk = Desk::new();
    let mut watch = Watch::start(&desk);
    watch.shows(KEYS);
    desk.body("for line in 1..=12 { println!(\"line {line}.\"); } Vec::new()");
    watch.screen_with("Not all are there.");
    watch.press("h");
    watch.screen_with("The second step.");
    watch.press("f");
    watch.screen_with("  line 1.");
    desk.body("for line in 1..=12 { println!(\"line {line}.\"); } let mut all = Vec::new(); for service in &services { all.push(service.ask().await); } all");
    let screen = watch.screen_with("Make the futures first.");
    assert!(!screen.contains("The second step.") && !screen.contains("  line 1."), "{screen}");
    watch.press("q");
    watch.ends();
}

#[test]
fn keys_work_while_an_answer_hangs() {
    let desk = Desk::new();
    let mut watch = Watch::start(&desk);
    watch.shows(KEYS);
    desk.body("loop {}");
    watch.shows("checking");
    watch.press("h");
    // Earlier screens were read already. If the key had waited for the verdict, the hint would stand below it.
    watch.shows("The first step.");
    watch.shows("Your answer hung and was stopped");
    desk.body("loop { std::hint::spin_loop(); }");
    watch.shows("checking");
    watch.press("q");
    watch.ends();
}

#[test]
fn a_missing_file_is_reported_once_and_may_come_back() {
    let desk = Desk::new();
    let mut watch = Watch::start(&desk);
    watch.shows(KEYS);
    std::fs::remove_file(desk.root.join("crates/demo/exercises/ask_all/answer.rs")).unwrap();
    watch.shows("answer.rs");
    watch.shows(KEYS);
    desk.answer(START);
    watch.shows("Ask them all.");
    watch.press("q");
    watch.ends();
}

#[test]
fn the_screen_fits_a_small_terminal_and_shows_the_first_line() {
    let desk = Desk::new();
    let mut watch = Watch::start(&desk);
    watch.shows(KEYS);
    let fits = |screen: &str, first: &str| {
        let lines: Vec<_> = screen.lines().collect();
        let rows: usize = lines.iter().map(|line| line.chars().count().div_ceil(80).max(1)).sum();
        assert!(rows < 24, "{rows} lines:\n{screen}");
        assert!(lines.iter().take(3).any(|line| line.contains(first)), "{first:?} is not on top:\n{screen}");
    };
    let wrong = "let a: u8 = services; let b: u16 = services; let c: u32 = services; let d: u64 = services; ";
    desk.body(wrong);
    watch.shows("checking");
    watch.shows(KEYS);
    let screen = watch.screen();
    fits(&screen, "mismatched types");
    assert!(screen.contains("more lines: f shows all"), "{screen}");
    // The first hint is to look at the compiler's errors.
    for words in ["so no check has run", "The first step."] {
        watch.press("h");
        let screen = watch.screen();
        fits(&screen, "mismatched types");
        assert!(screen.contains(words), "{screen}");
    }
    watch.press("f");
    watch.shows("Your answer does not compile yet.");
    watch.shows(KEYS);
    watch.press("f");
    watch.shows(KEYS);
    fits(&watch.screen(), "mismatched types");
    let steps = "let _ = services[0].ask().await;\n".repeat(40);
    desk.body(&(steps + "Vec::new()"));
    watch.shows("checking");
    watch.shows(KEYS);
    fits(&watch.screen(), "demo/ask_all");
    watch.press("q");
    watch.ends();
}

#[test]
fn the_answers_output_leaves_room_for_the_verdict_and_the_hint() {
    let desk = Desk::new();
    let mut watch = Watch::start(&desk);
    watch.shows(KEYS);
    desk.body("for line in 1..=12 { println!(\"line {line}.\"); } Vec::new()");
    let screen = watch.screen_with("Not all are there.");
    assert!(screen.contains("Your answer printed in \"returns all results\":"), "{screen}");
    assert!(screen.contains("more lines above: f shows all") && screen.contains("  line 12."), "{screen}");
    assert!(!screen.contains("  line 1."), "{screen}");
    assert!(screen.contains("A hint: cargo workbook"), "{screen}");
    assert!(screen.lines().count() < 24, "{screen}");
    watch.press("h");
    let screen = watch.screen_with("The second step.");
    assert!(screen.contains("Not all are there."), "{screen}");
    watch.press("f");
    let screen = watch.screen_with("  line 1.");
    // Both checks printed it.
    assert_eq!(screen.matches("  line 1.").count(), 2, "{screen}");
    watch.press("f");
    let steps = "let _ = services[0].ask().await;\n".repeat(40);
    desk.body(&format!("for line in 1..=12 {{ println!(\"line {{line}}.\"); }} {steps} Vec::new()"));
    let screen = watch.screen_with("Your 40 calls");
    assert!(screen.contains("… 12 lines above: f shows all") && screen.contains("demo/ask_all\r\n"), "{screen}");
    watch.press("q");
    watch.ends();
}
