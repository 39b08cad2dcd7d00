//! "A task of its own cannot disturb the monitor": when the caller gives up, the program keeps running.
//!
//! Caught by: stops everything when its caller gives up

use std::time::Duration;

use tokio::time::{Instant, timeout_at};

use super::given::{Program, Seen};

pub async fn watch(program: Program, every: Duration, limit: Duration) -> (u32, Seen) {
    let mut task = tokio::spawn(program);
    let mut due = Instant::now() + every;
    let mut seen = Seen::default();
    loop {
        let output = timeout_at(due, &mut task).await;
        while due <= Instant::now() {
            let late = due.elapsed();
            seen.looks += 1;
            seen.late += u64::from(late > limit);
            seen.worst = seen.worst.max(late);
            due += every;
        }
        if let Ok(Ok(output)) = output {
            return (output, seen);
        }
    }
}
