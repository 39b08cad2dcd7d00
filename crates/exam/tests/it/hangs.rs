//! The watchdog ends what the virtual clock cannot see.

use std::thread;

use crate::verdicts::{passes, says, verdict};

#[test]
fn the_watchdog_ends_what_hangs() {
    let hang = "Your answer hung and was ended after 3 s of real time";
    thread::scope(|scope| {
        for answer in ["endless loop", "only yields", "blocked thread", "blocking call in flight"] {
            scope.spawn(move || says(answer, &["✗ is quick", hang]));
        }
    });
    // Alone, so that it gets its gigabytes before its time is over.
    if cfg!(target_os = "linux") {
        says("more and more", &["more than 512 MiB of memory"]);
    }
}

#[test]
fn the_watchdog_leaves_alone_what_only_takes_a_moment() {
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
