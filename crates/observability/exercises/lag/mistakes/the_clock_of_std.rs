//! "An Instant is an Instant": std's clock does not follow Tokio's, so in a test with a paused clock nothing is ever late.
//!
//! Caught by: sees that a program keeps the thread

use std::time::{Duration, Instant};

use tokio::time::timeout;

use super::{Program, Seen};

pub async fn watch(mut program: Program, every: Duration, limit: Duration) -> (u32, Seen) {
    let mut seen = Seen::default();
    loop {
        let begun = Instant::now();
        let output = timeout(every, &mut program).await;
        if let Ok(output) = output {
            return (output, seen);
        }
        let late = begun.elapsed().saturating_sub(every);
        seen.looks += 1;
        seen.late += u64::from(late > limit);
        seen.worst = seen.worst.max(late);
    }
}
