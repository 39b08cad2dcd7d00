//! Several attempts, and one budget for all of them. README.md beside this file describes the task.

use exam::{Failure, Service};

use super::given::Limits;

/// Asks `service` until it answers, for as long as `limits` allow. Returns the last failure if it never answers.
///
/// `service.ask()` makes a future of its answer. `limits` has the durations `each`, `pause` and `budget`.
pub async fn ask_within(service: Service, limits: Limits) -> Result<String, Option<Failure>> {
    todo!()
}
