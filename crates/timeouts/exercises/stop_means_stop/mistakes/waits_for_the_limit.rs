//! "I wait for the limit, and then look at the job": a quick job ends long before.
//!
//! Caught by: prints a job that is quick enough

use std::time::Duration;

use tokio::task::JoinError;
use tokio::time::{Instant, sleep_until};

use super::given::Press;

pub async fn print_within(press: Press, job: String, limit: Duration) -> Result<Option<u32>, JoinError> {
    let deadline = Instant::now() + limit;
    let printing = press.start(&job).await;
    sleep_until(deadline).await;
    if printing.is_finished() {
        return printing.await.map(Some);
    }
    printing.abort();
    let _ = printing.await;
    Ok(None)
}
