//! "I put a task around both steps, and it owns the job": this awaits the end of the outer task, not of the job.
//!
//! Caught by: returns when the job has really ended

use std::time::Duration;

use tokio::task::JoinError;
use tokio::time::timeout;
use tokio_util::task::AbortOnDropHandle;

use super::given::Press;

pub async fn print_within(press: Press, job: String, limit: Duration) -> Result<Option<u32>, JoinError> {
    let both = async move { AbortOnDropHandle::new(press.start(&job).await).await };
    let mut both = AbortOnDropHandle::new(tokio::spawn(both));
    if let Ok(done) = timeout(limit, &mut both).await {
        return done.flatten().map(Some);
    }
    both.abort();
    match both.await {
        Err(error) if error.is_cancelled() => Ok(None),
        ended => ended.flatten().map(Some),
    }
}
