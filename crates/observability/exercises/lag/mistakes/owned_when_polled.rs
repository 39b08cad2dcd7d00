//! "`AbortOnDropHandle` owns the program": a task makes it at its first poll, and holds a plain handle until then.
//!
//! Caught by: stops everything when its caller gives up

use std::time::Duration;

use tokio::task::JoinSet;
use tokio::time::{Instant, timeout_at};
use tokio_util::task::AbortOnDropHandle;

use super::given::{Program, Seen};

fn look(seen: &mut Seen, late: Duration, limit: Duration) {
    seen.looks += 1;
    seen.late += u64::from(late > limit);
    seen.worst = seen.worst.max(late);
}

async fn watched(mut program: impl Future<Output = u32> + Unpin, every: Duration, limit: Duration) -> (u32, Seen) {
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

pub async fn watch(program: Program, every: Duration, limit: Duration) -> (u32, Seen) {
    let h = tokio::spawn(program);
    let mut set = JoinSet::new();
    set.spawn(async move { AbortOnDropHandle::new(h).await.unwrap() });
    watched(Box::pin(async move { set.join_next().await.unwrap().unwrap() }), every, limit).await
}
