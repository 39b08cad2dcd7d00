//! "The first job has ended, so nobody gives up any more": the other jobs have no owner then.
//!
//! Caught by: stops everything when its caller gives up

use std::any::Any;

use exam::Failure;
use tokio::task::{AbortHandle, JoinError, JoinHandle};

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

struct Guard(Vec<AbortHandle>);

impl Drop for Guard {
    fn drop(&mut self) {
        for h in &self.0 {
            h.abort();
        }
    }
}

pub async fn one_error_type(jobs: Vec<Job>) -> Vec<Result<String, JobError>> {
    let tasks: Vec<_> = jobs.iter().map(Job::spawn).collect();
    let mut ends = Vec::new();
    let mut guard = Guard(tasks.iter().map(JoinHandle::abort_handle).collect());
    for task in tasks {
        ends.push(end_of(task.await));
        guard.0.clear();
    }
    ends
}
