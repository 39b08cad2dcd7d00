//! A job that can be stopped. README.md beside this file describes the task.

use std::time::Duration;

use tokio::task::JoinError;

use super::given::Press;

/// Prints the job in at most `limit`, and returns the number of pages, or `None` if it took longer and was stopped.
///
/// `press.start(&job)` makes a future of the job's `JoinHandle<u32>`, which returns the number of pages.
pub async fn print_within(press: Press, job: String, limit: Duration) -> Result<Option<u32>, JoinError> {
    todo!()
}
