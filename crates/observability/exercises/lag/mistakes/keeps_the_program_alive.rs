//! "I run both to their end": the monitor never ends.
//!
//! Caught by: returns as soon as the program ends

use std::time::Duration;

use tokio::time::{Instant, interval_at};

use super::given::{Program, Seen};

pub async fn watch(program: Program, every: Duration, limit: Duration) -> (u32, Seen) {
    let mut seen = Seen::default();
    let looks = async {
        let mut looks = interval_at(Instant::now() + every, every);
        loop {
            let late = looks.tick().await.elapsed();
            seen.looks += 1;
            seen.late += u64::from(late > limit);
            seen.worst = seen.worst.max(late);
            if late > Duration::from_hours(1_000) {
                break;
            }
        }
    };
    let (output, ()) = tokio::join!(program, looks);
    (output, seen)
}
