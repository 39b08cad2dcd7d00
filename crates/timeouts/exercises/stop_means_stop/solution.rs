//! One good answer.

use std::time::Duration;

use tokio::task::JoinError;
use tokio::time::{Instant, timeout_at};
use tokio_util::task::AbortOnDropHandle;

use super::given::Press;

/// Prints the job in at most `limit`, and returns the number of pages, or `None` if it took longer and was stopped.
pub async fn print_within(press: Press, job: String, limit: Duration) -> Result<Option<u32>, JoinError> {
    let deadline = Instant::now() + limit;
    let Ok(printing) = timeout_at(deadline, press.start(&job)).await else { return Ok(None) };
    // From here on, the job ends when this future ends or is dropped.
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
