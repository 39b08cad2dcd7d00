//! "It may work the second time": the job runs twice, and its first panic is lost.
//!
//! Caught by: returns the message of a panic

use std::any::Any;

use exam::Failure;
use tokio::task::JoinError;
use tokio_util::task::AbortOnDropHandle;

use super::given::{Job, JobError};

pub async fn one_error_type(jobs: Vec<Job>) -> Vec<Result<String, JobError>> {
    // This handle aborts its task when it is dropped.
    let tasks: Vec<_> = jobs.iter().map(|job| AbortOnDropHandle::new(job.spawn())).collect();
    let mut ends = Vec::new();
    for (job, task) in jobs.iter().zip(tasks) {
        let mut ended = task.await;
        if ended.as_ref().is_err_and(JoinError::is_panic) {
            ended = AbortOnDropHandle::new(job.spawn()).await;
        }
        ends.push(end_of(ended));
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

/// A fixed message is a `&str`, and a formatted one is a `String`.
fn message(panic: &(dyn Any + Send)) -> String {
    let fixed = panic.downcast_ref::<&str>().map(ToString::to_string);
    fixed.or_else(|| panic.downcast_ref::<String>().cloned()).unwrap_or_else(|| "unknown".to_owned())
}
