//! Three reports at once: README.md beside this file says what is wanted.

use exam::{Failure, Service};

type Report = Result<String, Failure>;

/// Asks for all three reports at once and returns them, good or bad, each in its place.
///
/// `sales.ask()` makes a future that returns the report.
pub async fn side_by_side(sales: Service, stock: Service, visits: Service) -> (Report, Report, Report) {
    todo!()
}
