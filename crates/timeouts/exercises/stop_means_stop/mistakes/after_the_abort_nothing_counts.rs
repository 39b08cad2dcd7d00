//! "After the abort, the job's result does not matter": the job may have panicked.
//!
//! Caught by: passes on that the job panicked when it was stopped

use std::time::Duration;

use tokio::task::JoinError;
use tokio::time::{Instant, timeout_at};
use tokio_util::task::AbortOnDropHandle;

use super::given::Press;

pub async fn print_within(press: Press, job: String, limit: Duration) -> Result<Option<u32>, JoinError> {
    let deadline = Instant::now() + limit;
    let Ok(printing) = timeout_at(deadline, press.start(&job)).await else { return Ok(None) };
    let mut printing = AbortOnDropHandle::new(printing);
    if let Ok(pages) = timeout_at(deadline, &mut printing).await {
        return pages.map(Some);
    }
    printing.abort();
    let _ = printing.await;
    Ok(None)
}
