//! "A counter is a `static`": a second program uses the same counter.
//!
//! Caught by: keeps two programs apart

use std::sync::atomic::{AtomicU64, Ordering::SeqCst};
use std::time::Duration;

use tokio::time::{Instant, timeout_at};

use super::given::{Program, Seen};

static LOOKS: AtomicU64 = AtomicU64::new(0);
static LATE: AtomicU64 = AtomicU64::new(0);
static WORST: AtomicU64 = AtomicU64::new(0);

pub async fn watch(mut program: Program, every: Duration, limit: Duration) -> (u32, Seen) {
    LOOKS.store(0, SeqCst);
    LATE.store(0, SeqCst);
    WORST.store(0, SeqCst);
    let mut due = Instant::now() + every;
    loop {
        let output = timeout_at(due, &mut program).await;
        while due <= Instant::now() {
            let late = due.elapsed();
            LOOKS.fetch_add(1, SeqCst);
            LATE.fetch_add(u64::from(late > limit), SeqCst);
            WORST.fetch_max(late.as_micros() as u64, SeqCst);
            due += every;
        }
        if let Ok(output) = output {
            let seen = Seen {
                looks: LOOKS.load(SeqCst),
                late: LATE.load(SeqCst),
                worst: Duration::from_micros(WORST.load(SeqCst)),
            };
            return (output, seen);
        }
    }
}
