//! "A job that did not end well was stopped": it reports a panic as a timeout.
//!
//! Caught by: passes on that the job panicked

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
        Ok(Ok(pages)) => Ok(Some(pages)),
        Ok(Err(_not_well)) => Ok(None),
        Err(_elapsed) => {
            printing.abort();
            let _ = printing.await;
            Ok(None)
        }
    }
}
