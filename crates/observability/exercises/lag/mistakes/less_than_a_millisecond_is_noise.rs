//! "Less than a millisecond is the timer, not a lag": the limit decides that, and it may be lower.
//!
//! Caught by: counts the fractions of a millisecond

use std::time::Duration;

use tokio::time::{Instant, timeout_at};

use super::given::{Program, Seen};

/// Runs the program to its end, looks every `every`, and returns the program's output and what the looks have seen.
pub async fn watch(mut program: Program, every: Duration, limit: Duration) -> (u32, Seen) {
    let mut due = Instant::now() + every;
    let mut seen = Seen::default();
    loop {
        let output = timeout_at(due, &mut program).await;
        // Also at the end: the program may have kept the thread until now.
        while due <= Instant::now() {
            look(&mut seen, Some(due.elapsed()).filter(|late| late.as_millis() > 0).unwrap_or_default(), limit);
            due += every;
        }
        if let Ok(output) = output {
            return (output, seen);
        }
    }
}

fn look(seen: &mut Seen, late: Duration, limit: Duration) {
    seen.looks += 1;
    seen.late += u64::from(late > limit);
    seen.worst = seen.worst.max(late);
}
