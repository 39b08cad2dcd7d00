//! "I sleep, and then measure one turn": it does not notice a block during the sleep.
//!
//! Caught by: sees that a program keeps the thread

use std::time::Duration;

use tokio::task::yield_now;
use tokio::time::{Instant, sleep};

use super::given::{Program, Seen};

pub async fn watch(mut program: Program, every: Duration, limit: Duration) -> (u32, Seen) {
    let mut seen = Seen::default();
    let looks = async {
        loop {
            sleep(every).await;
            let before = Instant::now();
            yield_now().await;
            let late = before.elapsed();
            seen.looks += 1;
            seen.late += u64::from(late > limit);
            seen.worst = seen.worst.max(late);
        }
    };
    let output = tokio::select! {
        output = &mut program => output,
        () = looks => unreachable!(),
    };
    (output, seen)
}
