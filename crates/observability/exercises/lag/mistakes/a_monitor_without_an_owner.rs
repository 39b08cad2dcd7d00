//! "I spawn the monitor, and read its counts": nothing stops it, so it runs as long as the process.
//!
//! Caught by: leaves no task behind

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::time::{Instant, sleep_until};

use super::given::{Program, Seen};

pub async fn watch(program: Program, every: Duration, limit: Duration) -> (u32, Seen) {
    let state = Arc::new(Mutex::new((Instant::now() + every, Seen::default())));
    let look = move |state: &Mutex<(Instant, Seen)>| {
        let mut state = state.lock().unwrap_or_else(PoisonError::into_inner);
        while state.0 <= Instant::now() {
            let late = state.0.elapsed();
            state.1.looks += 1;
            state.1.late += u64::from(late > limit);
            state.1.worst = state.1.worst.max(late);
            state.0 += every;
        }
        *state
    };
    let watched = Arc::clone(&state);
    tokio::spawn(async move {
        loop {
            let due = look(&watched).0;
            sleep_until(due).await;
        }
    });
    let output = program.await;
    (output, look(&state).1)
}
