//! "What I drop is cancelled": this is true for a future, and not for a handle.
//!
//! Caught by: stops a job that takes too long

use std::time::Duration;

use tokio::task::JoinError;
use tokio::time::{Instant, timeout_at};

use super::given::Press;

pub async fn print_within(press: Press, job: String, limit: Duration) -> Result<Option<u32>, JoinError> {
    let deadline = Instant::now() + limit;
    let Ok(mut printing) = timeout_at(deadline, press.start(&job)).await else { return Ok(None) };
    match timeout_at(deadline, &mut printing).await {
        Ok(pages) => pages.map(Some),
        Err(_elapsed) => {
            drop(printing);
            Ok(None)
        }
    }
}
