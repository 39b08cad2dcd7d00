//! "A timeout cancels what it waits for", as in asyncio: here it drops a handle, and the job goes on.
//!
//! Caught by: stops a job that takes too long

use std::time::Duration;

use tokio::task::JoinError;
use tokio::time::timeout;

use super::given::Press;

pub async fn print_within(press: Press, job: String, limit: Duration) -> Result<Option<u32>, JoinError> {
    let work = async { press.start(&job).await.await };
    match timeout(limit, work).await {
        Ok(pages) => pages.map(Some),
        Err(_elapsed) => Ok(None),
    }
}
