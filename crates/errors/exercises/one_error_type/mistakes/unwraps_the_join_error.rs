//! "A handle has no error": `unwrap` panics at the first task that panicked or was cancelled.
//!
//! Caught by: returns `Cancelled` for a cancelled job

use exam::Failure;
use tokio::task::JoinError;
use tokio_util::task::AbortOnDropHandle;

use super::given::{Job, JobError};

pub async fn one_error_type(jobs: Vec<Job>) -> Vec<Result<String, JobError>> {
    let tasks: Vec<_> = jobs.iter().map(|job| AbortOnDropHandle::new(job.spawn())).collect();
    let mut ends = Vec::new();
    for task in tasks {
        ends.push(end_of(task.await));
    }
    ends
}

fn end_of(ended: Result<Result<String, Failure>, JoinError>) -> Result<String, JobError> {
    ended.unwrap().map_err(|failure| JobError::Failed(failure.into()))
}
