//! One good answer.

use exam::{Failure, Service};
use tokio::join;

type Report = Result<String, Failure>;

/// Asks for all three reports at once and returns them, good or bad, each in its place.
pub async fn side_by_side(sales: Service, stock: Service, visits: Service) -> (Report, Report, Report) {
    join!(sales.ask(), stock.ask(), visits.ask())
}
