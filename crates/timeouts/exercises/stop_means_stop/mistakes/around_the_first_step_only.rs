//! "There is a timeout": it is around the future that makes the handle, and not around the handle.
//!
//! Caught by: stops it when the limit is over, and not later

use std::time::Duration;

use tokio::task::JoinError;
use tokio::time::timeout;

use super::given::Press;

pub async fn print_within(press: Press, job: String, limit: Duration) -> Result<Option<u32>, JoinError> {
    match timeout(limit, press.start(&job)).await {
        Ok(printing) => printing.await.map(Some),
        Err(_elapsed) => Ok(None),
    }
}
