//! "The mean shows how late the loop is": two blocks do not show in the mean of a thousand looks.
//!
//! Caught by: reports how late the worst look was

use std::time::Duration;

use tokio::time::{Instant, timeout_at};

use super::given::{Program, Seen};

pub async fn watch(mut program: Program, every: Duration, limit: Duration) -> (u32, Seen) {
    let mut due = Instant::now() + every;
    let mut seen = Seen::default();
    let mut sum = Duration::ZERO;
    loop {
        let output = timeout_at(due, &mut program).await;
        while due <= Instant::now() {
            let late = due.elapsed();
            seen.looks += 1;
            seen.late += u64::from(late > limit);
            sum += late;
            due += every;
        }
        if let Ok(output) = output {
            seen.worst = sum / u32::try_from(seen.looks).unwrap_or(1).max(1);
            return (output, seen);
        }
    }
}
