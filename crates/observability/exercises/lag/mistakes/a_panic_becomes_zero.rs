//! "A bug in the program must not stop the monitor": the caller gets a zero, and takes it for the program's output.
//!
//! Caught by: passes on that a call panicked

use std::time::Duration;

use tokio::task::JoinSet;
use tokio::time::{Instant, timeout_at};

use super::given::{Program, Seen};

pub async fn watch(program: Program, every: Duration, limit: Duration) -> (u32, Seen) {
    let mut due = Instant::now() + every;
    let mut seen = Seen::default();
    let mut programs = JoinSet::new();
    programs.spawn(program);
    loop {
        let joined = timeout_at(due, programs.join_next()).await;
        while due <= Instant::now() {
            let late = due.elapsed();
            seen.looks += 1;
            seen.late += u64::from(late > limit);
            seen.worst = seen.worst.max(late);
            due += every;
        }
        if let Ok(joined) = joined {
            let output = joined.and_then(Result::ok).unwrap_or_default();
            return (output, seen);
        }
    }
}
