//! Several jobs, and how each ended. README.md beside this file describes the task.

use super::given::{Job, JobError};

/// Starts all jobs at once, and returns how each of them ended, in the order of the jobs.
///
/// `job.spawn()` starts a job in a task of its own, and returns its `JoinHandle<Result<String, Failure>>`.
pub async fn one_error_type(jobs: Vec<Job>) -> Vec<Result<String, JobError>> {
    todo!()
}
