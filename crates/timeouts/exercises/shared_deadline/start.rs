//! Some attempts, and one budget for them all: README.md beside this file says what is wanted.

use exam::{Failure, Service};

use super::given::Limits;

/// Asks `service` until it answers, for as long as `limits` allow; returns the last failure if it never does.
///
/// `service.ask()` makes a future of its answer; `limits` has the durations `each`, `pause` and `budget`.
pub async fn ask_within(service: Service, limits: Limits) -> Result<String, Option<Failure>> {
    todo!()
}
