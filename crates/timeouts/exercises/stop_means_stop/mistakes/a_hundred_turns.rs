//! "A hundred turns are enough for the job to end": you cannot know how many tasks are before it.
//!
//! Caught by: returns when the job has really ended

use std::time::Duration;

use tokio::task::{JoinError, yield_now};
use tokio::time::{Instant, timeout, timeout_at};
use tokio_util::task::AbortOnDropHandle;

use super::given::Press;

type Printed = Result<Option<u32>, JoinError>;

pub async fn print_within(press: Press, job: String, limit: Duration) -> Printed {
    let deadline = Instant::now() + limit;
    let Ok(printing) = timeout_at(deadline, press.start(&job)).await else { return Ok(None) };
    let mut printing = AbortOnDropHandle::new(printing);
    if let Ok(pages) = timeout_at(deadline, &mut printing).await {
        return pages.map(Some);
    }
    printing.abort();
    for _ in 0..100 {
        yield_now().await;
    }
    match timeout(Duration::ZERO, printing).await {
        Ok(Err(e)) if e.is_panic() => Err(e),
        _ => Ok(None),
    }
}
