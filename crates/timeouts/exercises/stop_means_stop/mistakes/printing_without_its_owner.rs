//! "I abort it at the limit": if the caller gives up before the limit, no line aborts it.
//!
//! Caught by: stops everything when its caller gives up

use std::time::Duration;

use tokio::task::JoinError;
use tokio::time::{Instant, timeout_at};

use super::given::Press;

pub async fn print_within(press: Press, job: String, limit: Duration) -> Result<Option<u32>, JoinError> {
    let deadline = Instant::now() + limit;
    let Ok(mut printing) = timeout_at(deadline, press.start(&job)).await else { return Ok(None) };
    if let Ok(pages) = timeout_at(deadline, &mut printing).await {
        return pages.map(Some);
    }
    printing.abort();
    match printing.await {
        Err(error) if error.is_cancelled() => Ok(None),
        ended => ended.map(Some),
    }
}
