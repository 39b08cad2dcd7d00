//! As many workers as the target needs. README.md beside this file describes the task.

use super::given::{Arrivals, Plan, Report};

/// Handles the requests of a day, and reports what happened to them.
///
/// `arrivals.next().await` is the next request. A request has `work().await`, `refuse()` and `is_gone()`.
pub async fn enough(plan: Plan, arrivals: Arrivals) -> Report {
    todo!()
}
