//! "One deadline for the job": it is computed early enough, but applied only after the warm-up, which may take for ever.
//!
//! Caught by: starts no job when the warm-up took too long

use std::time::Duration;

use tokio::task::JoinError;
use tokio::time::{Instant, timeout_at};
use tokio_util::task::AbortOnDropHandle;

use super::given::Press;

pub async fn print_within(press: Press, job: String, limit: Duration) -> Result<Option<u32>, JoinError> {
    let deadline = Instant::now() + limit;
    let mut printing = AbortOnDropHandle::new(press.start(&job).await);
    if let Ok(pages) = timeout_at(deadline, &mut printing).await {
        return pages.map(Some);
    }
    printing.abort();
    let _ = printing.await;
    Ok(None)
}
