//! As many workers as the target needs: README.md beside this file says what is wanted.

use super::given::{Arrivals, Plan, Report};

/// Takes the requests of a day, and returns what became of them.
///
/// `arrivals.next().await` is the next request. A request has `work().await`, `refuse()` and `is_gone()`.
pub async fn enough(plan: Plan, arrivals: Arrivals) -> Report {
    todo!()
}
