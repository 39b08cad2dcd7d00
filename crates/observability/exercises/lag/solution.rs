//! One good answer.

use std::time::Duration;

use tokio::time::{Instant, timeout_at};

use super::given::{Program, Seen};

/// Runs the program to its end, with a look after each `every`. Returns the program's output and what the looks found.
pub async fn watch(mut program: Program, every: Duration, limit: Duration) -> (u32, Seen) {
    let mut due = Instant::now() + every;
    let mut seen = Seen::default();
    loop {
        let output = timeout_at(due, &mut program).await;
        // This also runs at the end: the program may have kept the thread until now.
        while due <= Instant::now() {
            look(&mut seen, due.elapsed(), limit);
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
