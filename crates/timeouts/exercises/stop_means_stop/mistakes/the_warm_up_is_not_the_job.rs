//! "Only the job takes long": the limit does not cover the warm-up.
//!
//! Caught by: counts the warm-up as part of the limit

use std::time::Duration;

use tokio::task::JoinError;
use tokio::time::timeout;
use tokio_util::task::AbortOnDropHandle;

use super::given::Press;

pub async fn print_within(press: Press, job: String, limit: Duration) -> Result<Option<u32>, JoinError> {
    let mut printing = AbortOnDropHandle::new(press.start(&job).await);
    if let Ok(pages) = timeout(limit, &mut printing).await {
        return pages.map(Some);
    }
    printing.abort();
    let _ = printing.await;
    Ok(None)
}
