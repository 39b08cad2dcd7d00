//! "I start the program first, and then the monitor": it does not notice a block before the program's first wait.
//!
//! Caught by: counts from its start, even if the program keeps the thread immediately

use std::time::Duration;

use tokio::task::yield_now;
use tokio::time::{Instant, timeout_at};
use tokio_util::task::AbortOnDropHandle;

use super::given::{Program, Seen};

pub async fn watch(program: Program, every: Duration, limit: Duration) -> (u32, Seen) {
    let mut program = AbortOnDropHandle::new(tokio::spawn(program));
    yield_now().await;
    let mut due = Instant::now() + every;
    let mut seen = Seen::default();
    loop {
        let output = timeout_at(due, &mut program).await;
        while due <= Instant::now() {
            let late = due.elapsed();
            seen.looks += 1;
            seen.late += u64::from(late > limit);
            seen.worst = seen.worst.max(late);
            due += every;
        }
        if let Ok(output) = output {
            return (output.unwrap(), seen);
        }
    }
}
