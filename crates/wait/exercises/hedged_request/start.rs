//! A second try when the first is slow. README.md beside this file describes the task.

use std::time::Duration;

use exam::{Failure, Service};

/// Asks the first service, and also the second if the first is slow or has failed. The first good answer wins.
///
/// `first.ask()` makes a future that returns a `Result<String, Failure>`.
///
/// # Errors
///
/// Both failures, in the order in which they came.
pub async fn hedged_request(first: Service, second: Service, patience: Duration) -> Result<String, Vec<Failure>> {
    todo!()
}
