//! "Milliseconds are exact enough": 9.25 ms become 9 ms, and are no longer more than 9.2 ms.
//!
//! Caught by: counts the fractions of a millisecond

use std::time::Duration;

use tokio::time::{Instant, timeout_at};

use super::given::{Program, Seen};

pub async fn watch(mut program: Program, every: Duration, limit: Duration) -> (u32, Seen) {
    let mut due = Instant::now() + every;
    let mut seen = Seen::default();
    loop {
        let output = timeout_at(due, &mut program).await;
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
    seen.late += u64::from(late.as_millis() > limit.as_millis());
    seen.worst = seen.worst.max(late);
}
