//! "`AbortOnDropHandle` owns the task": a block makes it at its first poll, and holds a plain handle until then.
//!
//! Caught by: stops everything when its caller gives up

use std::any::Any;

use exam::Failure;
use futures::future::join_all;
use tokio::task::{JoinError, JoinSet};
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
    let mut set = JoinSet::new();
    for (n, job) in jobs.iter().enumerate() {
        let handle = job.spawn();
        set.spawn(async move {
            let task = AbortOnDropHandle::new(handle);
            (n, end_of(task.await))
        });
    }
    let mut ends = set.join_all().await;
    ends.sort_by_key(|(n, _)| *n);
    ends.into_iter().map(|(_, e)| e).collect()
}
