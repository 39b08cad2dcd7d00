//! "All errors are the same": an error that a job returns is not a bug of the job.
//!
//! Caught by: keeps the error of a job that failed

use std::any::Any;

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
    match ended.map_err(JoinError::try_into_panic) {
        Ok(Ok(text)) => Ok(text),
        Ok(Err(failure)) => Err(JobError::Panicked(failure.to_string())),
        Err(Ok(panic)) => Err(JobError::Panicked(message(&*panic))),
        Err(Err(_cancelled)) => Err(JobError::Cancelled),
    }
}

fn message(panic: &(dyn Any + Send)) -> String {
    let fixed = panic.downcast_ref::<&str>().map(ToString::to_string);
    fixed.or_else(|| panic.downcast_ref::<String>().cloned()).unwrap_or_else(|| "unknown".to_owned())
}
