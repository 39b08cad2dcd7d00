//! "The lag is the time since the last look": the interval itself counts as lag.
//!
//! Caught by: sees no lag where nothing is late

use std::time::Duration;

use tokio::time::{Instant, interval_at};

use super::given::{Program, Seen};

pub async fn watch(mut program: Program, every: Duration, limit: Duration) -> (u32, Seen) {
    let mut seen = Seen::default();
    let mut looks = interval_at(Instant::now() + every, every);
    let mut last = Instant::now();
    loop {
        tokio::select! {
            output = &mut program => return (output, seen),
            _ = looks.tick() => {
                let late = last.elapsed();
                last = Instant::now();
                seen.looks += 1;
                seen.late += u64::from(late > limit);
                seen.worst = seen.worst.max(late);
            }
        }
    }
}
