//! "`abort` ends the task": it only asks, and the task ends when the runtime gets to it.
//!
//! Caught by: returns when the job has really ended

use std::time::Duration;

use tokio::task::JoinError;
use tokio::time::{Instant, timeout_at};
use tokio_util::task::AbortOnDropHandle;

use super::given::Press;

pub async fn print_within(press: Press, job: String, limit: Duration) -> Result<Option<u32>, JoinError> {
    let deadline = Instant::now() + limit;
    let Ok(printing) = timeout_at(deadline, press.start(&job)).await else { return Ok(None) };
    let mut printing = AbortOnDropHandle::new(printing);
    match timeout_at(deadline, &mut printing).await {
        Ok(pages) => pages.map(Some),
        Err(_elapsed) => {
            printing.abort();
            Ok(None)
        }
    }
}
