//! "A job that takes this long hangs": the guard decides how long is too long.
//!
//! Caught by: keeps empty and late texts, and accepts an empty list

use std::any::Any;

use std::time::Duration;

use exam::Failure;
use tokio::task::JoinError;
use tokio_util::task::AbortOnDropHandle;

use super::given::{Job, JobError};

pub async fn one_error_type(jobs: Vec<Job>) -> Vec<Result<String, JobError>> {
    let tasks: Vec<_> = jobs.iter().map(|job| AbortOnDropHandle::new(job.spawn())).collect();
    let mut ends = Vec::new();
    for task in tasks {
        ends.push(match tokio::time::timeout(Duration::from_secs(2700), task).await {
            Ok(ended) => end_of(ended),
            Err(_elapsed) => Err(JobError::Cancelled),
        });
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
    let fixed = panic.downcast_ref::<&str>().map(ToString::to_string);
    fixed.or_else(|| panic.downcast_ref::<String>().cloned()).unwrap_or_else(|| "unknown".to_owned())
}
