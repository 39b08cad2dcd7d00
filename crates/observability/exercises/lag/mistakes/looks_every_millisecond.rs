//! "More looks see more": the monitor wakes the thread a thousand times a second, and ignores `every`.
//!
//! Caught by: sleeps between its looks

use std::time::Duration;

use tokio::time::{Instant, timeout};

use super::given::{Program, Seen};

pub async fn watch(mut program: Program, every: Duration, limit: Duration) -> (u32, Seen) {
    let mut due = Instant::now() + every;
    let mut seen = Seen::default();
    loop {
        let output = timeout(Duration::from_millis(1), &mut program).await;
        while due <= Instant::now() {
            let late = due.elapsed();
            seen.looks += 1;
            seen.late += u64::from(late > limit);
            seen.worst = seen.worst.max(late);
            due += every;
        }
        if let Ok(output) = output {
            return (output, seen);
        }
    }
}
