//! The watchdog ends what the virtual clock cannot see. It distinguishes runs that use the processor, that do nothing, and that wait for a turn.

use std::process::{Child, Command};
use std::thread;

use crate::verdicts::{passes, says, verdict};

#[test]
fn an_endless_loop_is_ended_after_its_limit_of_processor_time() {
    let hang = ["✗ is quick", "Your answer hung and was stopped after 2 s of processor time", "an endless loop"];
    says("endless loop", &hang);
    // Found by its number of turns, or on a slow machine by its processor time.
    says("only yields", &["✗ is quick", "Your answer "]);
}

#[test]
fn a_blocked_thread_is_ended_although_it_uses_no_processor_time() {
    let hang =
        ["✗ is quick", "Your answer hung and was stopped after 3 s in which it did nothing", "blocks the thread"];
    thread::scope(|scope| {
        for answer in ["blocked thread", "blocking call in flight"] {
            scope.spawn(move || says(answer, &hang));
        }
    });
}

#[test]
fn a_right_answer_on_a_busy_machine_is_no_hang() {
    let _busy = Busy::new(4);
    // It uses less than the limit of processor time, but takes several times as long.
    passes("works for a second");
}

#[test]
#[ignore = "another test runs it, many times at once"]
fn a_spinning_program() {
    let begun = std::time::Instant::now();
    // Ends by itself if nothing kills it.
    while begun.elapsed() < std::time::Duration::from_mins(1) {
        std::hint::spin_loop();
    }
}

#[test]
fn an_answer_whose_memory_only_grows_is_ended() {
    if cfg!(target_os = "linux") {
        says("more and more", &["more than 512 MiB of memory"]);
    }
}

#[test]
fn the_watchdog_does_not_end_a_short_block() {
    passes("blocked for a moment");
}

#[test]
fn a_loop_that_waits_for_ever_says_so() {
    says("never done", &["✗ is quick", "Your answer does not end. On the virtual clock, "]);
}

#[test]
fn after_the_verdict_an_endless_print_is_silent() {
    let (text, passed) = verdict("prints for ever");
    let end = text.lines().rev().take(3).collect::<Vec<_>>().join("\n");
    assert!(!passed && end.contains("A hint: cargo workbook hint topic/exercise"), "{end}");
}

/// Keeps all processors busy until it is dropped.
struct Busy(Vec<Child>);

impl Busy {
    fn new(for_each_processor: usize) -> Self {
        let count = for_each_processor * thread::available_parallelism().map_or(1, usize::from);
        let spinning = || {
            let program = std::env::current_exe().unwrap();
            let words = ["--exact", "hangs::a_spinning_program", "--ignored"];
            Command::new(program).args(words).stdout(std::process::Stdio::null()).spawn().unwrap()
        };
        Self((0..count).map(|_| spinning()).collect())
    }
}

impl Drop for Busy {
    fn drop(&mut self) {
        for program in &mut self.0 {
            let _ = program.kill();
            let _ = program.wait();
        }
    }
}
