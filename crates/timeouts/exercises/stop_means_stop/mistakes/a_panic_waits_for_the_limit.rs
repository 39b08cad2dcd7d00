//! "I report an error when the time is over": a panic is known earlier.
//!
//! Caught by: passes on that the job panicked

use std::time::Duration;

use tokio::task::JoinError;
use tokio::time::{Instant, sleep_until, timeout_at};
use tokio_util::task::AbortOnDropHandle;

use super::given::Press;

pub async fn print_within(press: Press, job: String, limit: Duration) -> Result<Option<u32>, JoinError> {
    let deadline = Instant::now() + limit;
    let Ok(printing) = timeout_at(deadline, press.start(&job)).await else { return Ok(None) };
    let mut printing = AbortOnDropHandle::new(printing);
    if let Ok(pages) = timeout_at(deadline, &mut printing).await {
        if pages.is_err() {
            sleep_until(deadline).await;
        }
        return pages.map(Some);
    }
    printing.abort();
    match printing.await {
        Err(error) if error.is_cancelled() => Ok(None),
        ended => ended.map(Some),
    }
}
