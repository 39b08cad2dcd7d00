//! "After an abort the handle has an error": the job may have ended at that instant.
//!
//! Caught by: accepts that the job ends while it is stopped

use std::time::Duration;

use tokio::task::JoinError;
use tokio::time::{Instant, sleep_until, timeout_at};
use tokio_util::task::AbortOnDropHandle;

use super::given::Press;

type Printed = Result<Option<u32>, JoinError>;

pub async fn print_within(press: Press, job: String, limit: Duration) -> Printed {
    let deadline = Instant::now() + limit;
    let Ok(printing) = timeout_at(deadline, press.start(&job)).await else { return Ok(None) };
    let mut printing = AbortOnDropHandle::new(printing);
    tokio::select! {
        biased;
        () = sleep_until(deadline) => {}
        pages = &mut printing => return pages.map(Some),
    }
    printing.abort();
    let error = printing.await.unwrap_err();
    if error.is_cancelled() { Ok(None) } else { Err(error) }
}
