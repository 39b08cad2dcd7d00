//! "I remove the blanks from the job's name": the job has another name then.
//!
//! Caught by: prints a job that is quick enough

use std::time::Duration;
use tokio::task::JoinError;
use tokio::time::{Instant, sleep, timeout, timeout_at};
use tokio_util::task::AbortOnDropHandle;

use super::given::Press;

pub async fn print_within(press: Press, job: String, limit: Duration) -> Result<Option<u32>, JoinError> {
    let deadline = Instant::now() + limit;
    let Ok(printing) = timeout_at(deadline, press.start(job.trim())).await else { return Ok(None) };
    let mut printing = AbortOnDropHandle::new(printing);
    if let Ok(pages) = timeout_at(deadline, &mut printing).await {
        return pages.map(Some);
    }
    printing.abort();
    match printing.await {
        Err(error) if error.is_cancelled() => Ok(None),
        ended => ended.map(Some),
    }
}
