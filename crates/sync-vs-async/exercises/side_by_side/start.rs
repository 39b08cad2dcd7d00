//! Three reports at once. README.md beside this file describes the task.

use exam::{Failure, Service};

type Report = Result<String, Failure>;

/// Asks for all three reports at once and returns each in its place, also a failure.
///
/// `sales.ask()` makes a future that returns the report.
pub async fn side_by_side(sales: Service, stock: Service, visits: Service) -> (Report, Report, Report) {
    todo!()
}
