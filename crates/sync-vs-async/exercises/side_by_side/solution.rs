//! One good answer.

use exam::{Failure, Service};
use tokio::join;

type Report = Result<String, Failure>;

/// Asks for all three reports at once and returns each in its place, also a failure.
pub async fn side_by_side(sales: Service, stock: Service, visits: Service) -> (Report, Report, Report) {
    join!(sales.ask(), stock.ask(), visits.ask())
}
