//! "Two steps, two timeouts": together they may take twice as long.
//!
//! Caught by: counts the warm-up as part of the limit

use std::time::Duration;

use tokio::task::JoinError;
use tokio::time::timeout;
use tokio_util::task::AbortOnDropHandle;

use super::given::Press;

pub async fn print_within(press: Press, job: String, limit: Duration) -> Result<Option<u32>, JoinError> {
    let Ok(printing) = timeout(limit, press.start(&job)).await else { return Ok(None) };
    let mut printing = AbortOnDropHandle::new(printing);
    if let Ok(pages) = timeout(limit, &mut printing).await {
        return pages.map(Some);
    }
    printing.abort();
    let _ = printing.await;
    Ok(None)
}
