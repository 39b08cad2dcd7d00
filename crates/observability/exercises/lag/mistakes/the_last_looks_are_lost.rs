//! "When the program has ended, no look can be late any more": it does not count the looks that were due just before the end.
//!
//! Caught by: counts the looks that were due just before the end

use std::time::Duration;

use tokio::time::{Instant, timeout_at};

use super::given::{Program, Seen};

pub async fn watch(mut program: Program, every: Duration, limit: Duration) -> (u32, Seen) {
    let mut due = Instant::now() + every;
    let mut seen = Seen::default();
    loop {
        if let Ok(output) = timeout_at(due, &mut program).await {
            return (output, seen);
        }
        while due <= Instant::now() {
            let late = due.elapsed();
            seen.looks += 1;
            seen.late += u64::from(late > limit);
            seen.worst = seen.worst.max(late);
            due += every;
        }
    }
}
