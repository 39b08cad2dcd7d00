//! "The `JoinError` contains the message": it also contains the number of the task, and quotes.
//!
//! Caught by: returns the message of a panic

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
    match ended {
        Ok(ended) => ended.map_err(|failure| JobError::Failed(failure.into())),
        Err(error) if error.is_cancelled() => Err(JobError::Cancelled),
        Err(error) => Err(JobError::Panicked(error.to_string())),
    }
}
