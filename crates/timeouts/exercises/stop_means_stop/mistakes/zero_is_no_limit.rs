//! "A limit of zero means that there is none": it means no time at all.
//!
//! Caught by: stops it when the limit is over, and not later

use std::time::Duration;
use tokio::task::JoinError;
use tokio::time::{Instant, sleep, timeout, timeout_at};
use tokio_util::task::AbortOnDropHandle;

use super::given::Press;

pub async fn print_within(press: Press, job: String, limit: Duration) -> Result<Option<u32>, JoinError> {
    let limit = if limit.is_zero() { Duration::from_hours(1) } else { limit };
    let deadline = Instant::now() + limit;
    let Ok(printing) = timeout_at(deadline, press.start(&job)).await else { return Ok(None) };
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
