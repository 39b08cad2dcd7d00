//! "Not too many at once": the task asks for no limit, and the sixty-fifth job starts late.
//!
//! Caught by: starts a thousand jobs at once, and each once

use std::any::Any;

use exam::Failure;
use futures::{StreamExt, stream};
use tokio::task::JoinError;
use tokio_util::task::AbortOnDropHandle;

use super::given::{Job, JobError};

pub async fn one_error_type(jobs: Vec<Job>) -> Vec<Result<String, JobError>> {
    let ends = stream::iter(jobs).map(async |job| end_of(AbortOnDropHandle::new(job.spawn()).await));
    ends.buffered(64).collect().await
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
