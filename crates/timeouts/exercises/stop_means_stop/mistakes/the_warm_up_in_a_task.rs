//! "I put everything into a task, so I can abort it": an aborted task drops its handle of the job, and the job goes on.
//!
//! Caught by: stops a job that takes too long

use std::time::Duration;

use tokio::task::JoinError;
use tokio::time::timeout;
use tokio_util::task::AbortOnDropHandle;

use super::given::Press;

pub async fn print_within(press: Press, job: String, limit: Duration) -> Result<Option<u32>, JoinError> {
    let work = async move { press.start(&job).await.await };
    let mut work = AbortOnDropHandle::new(tokio::spawn(work));
    if let Ok(pages) = timeout(limit, &mut work).await {
        return pages?.map(Some);
    }
    work.abort();
    let _ = work.await;
    Ok(None)
}
