//! "One interval lies between two looks": after a block, all later looks are shifted.
//!
//! Caught by: counts each look that was due while the thread was kept

use std::time::Duration;

use tokio::time::{Instant, timeout};

use super::given::{Program, Seen};

pub async fn watch(mut program: Program, every: Duration, limit: Duration) -> (u32, Seen) {
    let mut due = Instant::now() + every;
    let mut seen = Seen::default();
    loop {
        let output = timeout(every, &mut program).await;
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
    seen.late += u64::from(late > limit);
    seen.worst = seen.worst.max(late);
}
