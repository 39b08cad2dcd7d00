//! "It is async, so it runs at the same time": it awaits each report before it asks for the next.
//!
//! Caught by: asks for all three reports at once

use exam::{Failure, Service};

type Report = Result<String, Failure>;

pub async fn side_by_side(sales: Service, stock: Service, visits: Service) -> (Report, Report, Report) {
    (sales.ask().await, stock.ask().await, visits.ask().await)
}
