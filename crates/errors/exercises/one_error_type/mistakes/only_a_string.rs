//! "A panic carries a `String`": a fixed message is a `&str`, and is lost.
//!
//! Caught by: returns the message of a panic

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
        Ok(Err(failure)) => Err(JobError::Failed(failure.into())),
        Err(Ok(panic)) => Err(JobError::Panicked(message(&*panic))),
        Err(Err(_cancelled)) => Err(JobError::Cancelled),
    }
}

fn message(panic: &(dyn Any + Send)) -> String {
    panic.downcast_ref::<String>().cloned().unwrap_or_else(|| "unknown".to_owned())
}
