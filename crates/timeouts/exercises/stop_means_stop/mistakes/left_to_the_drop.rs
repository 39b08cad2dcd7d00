//! "`AbortOnDropHandle` does it": it aborts at the end of the function, and the function does not wait for the end of the job.
//!
//! Caught by: returns when the job has really ended

use std::time::Duration;

use tokio::task::JoinError;
use tokio::time::{Instant, timeout_at};
use tokio_util::task::AbortOnDropHandle;

use super::given::Press;

pub async fn print_within(press: Press, job: String, limit: Duration) -> Result<Option<u32>, JoinError> {
    let deadline = Instant::now() + limit;
    let work = async { AbortOnDropHandle::new(press.start(&job).await).await };
    match timeout_at(deadline, work).await {
        Ok(pages) => pages.map(Some),
        Err(_elapsed) => Ok(None),
    }
}
