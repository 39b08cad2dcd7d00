//! "Nobody has more than five hundred jobs": the next one waits until another has ended.
//!
//! Caught by: starts a thousand jobs at once, and each once

use std::any::Any;

use exam::Failure;
use futures::future::join_all;
use tokio::task::JoinError;
use tokio_util::task::AbortOnDropHandle;

use super::given::{Job, JobError};

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

pub async fn one_error_type(jobs: Vec<Job>) -> Vec<Result<String, JobError>> {
    let permits = tokio::sync::Semaphore::new(500);
    join_all(jobs.iter().map(async |job| {
        let _permit = permits.acquire().await;
        end_of(AbortOnDropHandle::new(job.spawn()).await)
    }))
    .await
}
