//! "The results come in the order in which I started the jobs": they come in the order in which the tasks end.
//!
//! Caught by: returns the ends in the order of the jobs

use std::any::Any;

use exam::Failure;
use futures::stream::{FuturesUnordered, StreamExt};
use tokio::task::JoinError;
use tokio_util::task::AbortOnDropHandle;

use super::given::{Job, JobError};

pub async fn one_error_type(jobs: Vec<Job>) -> Vec<Result<String, JobError>> {
    let mut tasks: FuturesUnordered<_> = jobs.iter().map(|job| AbortOnDropHandle::new(job.spawn())).collect();
    let mut ends = Vec::new();
    while let Some(ended) = tasks.next().await {
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

fn message(panic: &(dyn Any + Send)) -> String {
    let fixed = panic.downcast_ref::<&str>().map(ToString::to_string);
    fixed.or_else(|| panic.downcast_ref::<String>().cloned()).unwrap_or_else(|| "unknown".to_owned())
}
