//! "Missed looks do not count": a block of a second counts as one late look, like a block of ten milliseconds.
//!
//! Caught by: counts each look that was due while the thread was kept

use std::time::Duration;

use tokio::time::{Instant, MissedTickBehavior, interval_at};

use super::given::{Program, Seen};

pub async fn watch(mut program: Program, every: Duration, limit: Duration) -> (u32, Seen) {
    let mut seen = Seen::default();
    let mut looks = interval_at(Instant::now() + every, every);
    looks.set_missed_tick_behavior(MissedTickBehavior::Skip);
    loop {
        tokio::select! {
            biased;
            due = looks.tick() => {
                let late = due.elapsed();
                seen.looks += 1;
                seen.late += u64::from(late > limit);
                seen.worst = seen.worst.max(late);
            }
            output = &mut program => return (output, seen),
        }
    }
}
